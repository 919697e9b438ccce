# Reference values for crates/survey/tests/it/designs.rs: shares, standard errors, degrees of freedom and intervals of complex designs.
# Made with the package survey of R (Debian: r-base-core, r-cran-survey); the first lines of the output say which versions.
#   Rscript scripts/survey-designs.R > crates/survey/tests/it/stats/designs.tsv
# Lines: design, name, calibration, number of stages; row, then stratum, unit and size of each stage, weight, base weight, value
# (NA outside the domain), groups of the calibration; want, then share, SE, df, logit low and high, beta low and high, Wilson low and
# high.

suppressPackageStartupMessages(library(survey))
options(survey.lonely.psu = "adjust")
cat("#", R.version.string, "survey", as.character(packageVersion("survey")), "\n")
number <- function(x) ifelse(is.na(x), "NA", sprintf("%.15g", x))

# A made-up population of 3 strata with 40 units of 60 people each.
set.seed(20260401)
people <- expand.grid(person = 1:60, unit = 1:40, stratum = 1:3)
people$psu <- (people$stratum - 1) * 40 + people$unit
level <- rnorm(120, 0, 0.5)
people$sex <- 1 + rbinom(nrow(people), 1, 0.5)
people$age <- 1 + rbinom(nrow(people), 2, 0.4)
logit <- 1.4 + level[people$psu] + 0.3 * people$stratum - 0.5 * (people$age - 2) + 0.2 * (people$sex == 2)
people$aware <- rbinom(nrow(people), 1, plogis(logit))
people$size1 <- 40
people$size2 <- 60

draw_people <- function(n) people[sort(sample(nrow(people), n)), ]
draw_strata <- function(sizes) do.call(rbind, lapply(1:3, function(h) {
  of <- people[people$stratum == h, ]
  of[sort(sample(nrow(of), sizes[h])), ]
}))
draw_units <- function(units, persons) do.call(rbind, lapply(seq_along(units), function(h) {
  drawn <- sort(sample(40, units[h]))
  do.call(rbind, lapply(drawn, function(u) {
    of <- people[people$stratum == h & people$unit == u, ]
    of[sort(sample(60, persons)), ]
  }))
}))

interval <- function(p, v, df, n) {
  t <- qt(0.975, df)
  size <- p * (1 - p) / v * (qt(0.975, n - 1) / t)^2
  middle <- (p + t^2 / (2 * size)) / (1 + t^2 / size)
  half <- t / (1 + t^2 / size) * sqrt(p * (1 - p) / size + t^2 / (4 * size^2))
  c(beta_low = qbeta(0.025, size * p, size * (1 - p) + 1), beta_high = qbeta(0.975, size * p + 1, size * (1 - p)),
    wilson_low = middle - half, wilson_high = middle + half)
}

# data: the rows; design: as svydesign has it before the calibration; calibrated: after it; stages: columns of strata, units, sizes.
emit <- function(name, data, design, calibrated = design, calibration = "none", groups = character(), stages, domain = NULL) {
  kept <- if (is.null(domain)) calibrated else subset(calibrated, data[[domain]] == 1)
  mean <- svymean(~aware, kept)
  p <- as.numeric(coef(mean)); v <- as.numeric(vcov(mean)); df <- degf(kept)
  inside <- if (is.null(domain)) rep(TRUE, nrow(data)) else data[[domain]] == 1
  logit <- as.numeric(confint(svyciprop(~aware, kept, method = "xlogit", df = df)))
  ours <- interval(p, v, df, sum(inside))
  if (is.null(domain)) {
    theirs <- as.numeric(confint(svyciprop(~aware, kept, method = "beta")))
    stopifnot(all(abs(theirs - ours[1:2]) < 1e-12))
  }
  cat("design", name, calibration, length(stages), sep = "\t"); cat("\n")
  w <- weights(calibrated); base <- weights(design)
  for (i in seq_len(nrow(data))) {
    cells <- unlist(lapply(stages, function(s) c(
      if (is.na(s[1])) 1 else data[[s[1]]][i], if (s[2] == "row") i else data[[s[2]]][i],
      if (is.na(s[3])) NA else data[[s[3]]][i])))
    value <- if (inside[i]) data$aware[i] else NA
    cat("row", number(c(cells, w[i], base[i], value, unlist(data[i, groups]))), sep = "\t"); cat("\n")
  }
  cat("want", number(c(p, sqrt(v), df, logit, ours)), sep = "\t"); cat("\n")
}

totals <- function(of) { t <- table(people[[of]]); setNames(data.frame(factor(names(t)), as.numeric(t)), c(of, "Freq")) }
raked <- function(design) rake(design, list(~sex, ~age), list(totals("sex"), totals("age")), control = list(maxit = 200, epsilon = 1e-9, verbose = FALSE))
post <- function(design) postStratify(design, ~age, totals("age"))
ready <- function(d) { d$w <- d$w; d$sex <- factor(d$sex); d$age <- factor(d$age); d$young <- as.integer(d$age == "1"); d }
codes <- function(d) { d$sex <- as.integer(d$sex); d$age <- as.integer(d$age); d }

one <- list(c(NA, "row", NA))
d <- draw_people(120); d$w <- nrow(people) / 120; d$all <- nrow(people); d <- ready(d)
srs <- svydesign(ids = ~1, weights = ~w, data = d)
emit("srs", codes(d), srs, stages = one)
emit("srs-fpc", codes(d), svydesign(ids = ~1, weights = ~w, fpc = ~all, data = d), stages = list(c(NA, "row", "all")))
emit("srs-post", codes(d), srs, post(srs), "post", "age", stages = one)
emit("srs-raked", codes(d), srs, raked(srs), "rake", c("sex", "age"), stages = one)
emit("srs-domain", codes(d), srs, stages = one, domain = "young")

sizes <- c(30, 50, 60)
d <- draw_strata(sizes); d$all <- 2400; d$w <- 2400 / sizes[d$stratum]; d <- ready(d)
str <- svydesign(ids = ~1, strata = ~stratum, weights = ~w, data = d)
emit("strata", codes(d), str, stages = list(c("stratum", "row", NA)))
emit("strata-fpc", codes(d), svydesign(ids = ~1, strata = ~stratum, weights = ~w, fpc = ~all, data = d), stages = list(c("stratum", "row", "all")))
emit("strata-raked", codes(d), str, raked(str), "rake", c("sex", "age"), stages = list(c("stratum", "row", NA)))

d <- draw_units(20, 8); d <- d[-c(3, 4, 60, 61, 62), ]; d$w <- 300; d <- ready(d)
emit("clusters", codes(d), svydesign(ids = ~psu, weights = ~w, data = d), stages = list(c(NA, "psu", NA)))
d$w <- 200 + 40 * (d$psu %% 4) + 15 * as.integer(d$sex); d <- ready(d)
clu <- svydesign(ids = ~psu, weights = ~w, data = d)
emit("clusters-weighted", codes(d), clu, stages = list(c(NA, "psu", NA)))
emit("clusters-post", codes(d), clu, post(clu), "post", "age", stages = list(c(NA, "psu", NA)))
emit("clusters-raked", codes(d), clu, raked(clu), "rake", c("sex", "age"), stages = list(c(NA, "psu", NA)))

d <- draw_units(c(5, 7, 6), 9); d$w <- c(60, 45, 50)[d$stratum] + 5 * (d$psu %% 3); d <- ready(d)
strclu <- svydesign(ids = ~psu, strata = ~stratum, weights = ~w, data = d, nest = TRUE)
there <- list(c("stratum", "psu", NA))
emit("strata-clusters", codes(d), strclu, stages = there)
emit("strata-clusters-raked", codes(d), strclu, raked(strclu), "rake", c("sex", "age"), stages = there)
emit("strata-clusters-domain", codes(d), strclu, stages = there, domain = "young")
emit("strata-clusters-raked-domain", codes(d), strclu, raked(strclu), "rake", c("sex", "age"), stages = there, domain = "young")

units <- c(6, 8, 7)
d <- draw_units(units, 7); d$w <- 40 / units[d$stratum] * 60 / 7; d <- ready(d)
d$person_id <- seq_len(nrow(d))
two <- svydesign(ids = ~psu + person_id, strata = ~stratum + psu, weights = ~w, fpc = ~size1 + size2, data = d, nest = TRUE)
deep <- list(c("stratum", "psu", "size1"), c("psu", "row", "size2"))
emit("two-stages-fpc", codes(d), two, stages = deep)
emit("two-stages-fpc-raked", codes(d), two, raked(two), "rake", c("sex", "age"), stages = deep)
emit("two-stages-fpc-domain", codes(d), two, stages = deep, domain = "young")

d <- draw_units(c(1, 7, 6), 8); d$w <- 50; d <- ready(d)
emit("single-unit", codes(d), svydesign(ids = ~psu, strata = ~stratum, weights = ~w, data = d, nest = TRUE), stages = there)
emit("single-unit-fpc", codes(d), svydesign(ids = ~psu, strata = ~stratum, weights = ~w, fpc = ~size1, data = d, nest = TRUE), stages = list(c("stratum", "psu", "size1")))
