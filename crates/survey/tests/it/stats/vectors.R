# Reference values for crates/survey/tests/it/stats.rs, made with base R and the package survey (Debian: r-base-core, r-cran-survey).
# Made with R 4.2.2 and survey 4.1-1.
#   Rscript crates/survey/tests/it/stats/vectors.R > crates/survey/tests/it/stats/vectors.tsv
# A line is: what, then its numbers, separated by tabs.

suppressPackageStartupMessages(library(survey))
line <- function(what, ...) cat(what, sprintf("%.17g", c(...)), sep = "\t", fill = FALSE)
row <- function(...) { line(...); cat("\n") }

# Wilson: prop.test without continuity correction gives the score interval. wilson, aware, n, low, high.
for (pair in list(c(353, 400), c(354, 400), c(0, 20), c(20, 20), c(1, 7), c(872, 1000), c(873, 1000), c(1303, 1500), c(12, 16095), c(50000, 100000))) {
  bounds <- suppressWarnings(prop.test(pair[1], pair[2], correct = FALSE)$conf.int)
  row("wilson", pair, bounds[1], bounds[2])
}
# With an effective sample size that is no whole number, prop.test takes a count that is none.
for (pair in list(c(0.87, 312.75), c(0.5, 33.3))) {
  bounds <- suppressWarnings(prop.test(pair[1] * pair[2], pair[2], correct = FALSE)$conf.int)
  row("wilson_share", pair, bounds[1], bounds[2])
}

# Newcombe's method 10 from two score intervals. newcombe, share before, n, share now, n, difference, low, high.
score <- function(p, n) suppressWarnings(prop.test(p * n, n, correct = FALSE)$conf.int)
for (four in list(c(0.8, 400, 0.88, 350), c(0.5, 60, 0.5, 60), c(56 / 70, 70, 48 / 80, 80), c(9 / 10, 10, 3 / 10, 10), c(0.871, 812.4, 0.846, 655.1))) {
  a <- score(four[1], four[2]); b <- score(four[3], four[4])
  d <- four[3] - four[1]
  row("newcombe", four, d, d - sqrt((four[3] - b[1])^2 + (a[2] - four[1])^2), d + sqrt((b[2] - four[3])^2 + (four[1] - a[1])^2))
}

# Power of the plan: the binomial chance that the lower score bound reaches the target. power, target, expected, n, power.
power <- function(target, expect, n) {
  meets <- sapply(0:n, function(x) suppressWarnings(prop.test(x, n, correct = FALSE)$conf.int[1]) >= target)
  sum(dbinom((0:n)[meets], n, expect))
}
for (n in c(400, 1022, 1023, 1024, 1072, 1073, 1500)) row("power", 0.85, 0.88, n, power(0.85, 0.88, n))
for (n in c(100, 250, 600)) row("power", 0.9, 0.94, n, power(0.9, 0.94, n))

# Raking: survey::rake over three margins. Counts are of a fixed table of sex (2) x age (4) x street (3).
counts <- c(31, 12, 22, 9, 18, 14, 27, 8, 40, 11, 16, 6, 25, 19, 30, 7, 13, 10, 21, 5, 15, 17, 12, 12)
grid <- expand.grid(sex = 1:2, age = 1:4, street = 1:3)
people <- grid[rep(seq_len(nrow(grid)), counts), ]
people <- data.frame(lapply(people, factor))
n <- nrow(people)
shares <- list(sex = c(51.3, 48.7), age = c(22.5, 31, 28.4, 18.1), street = c(46, 33.5, 20.5))
rake_them <- function(people, shares) {
  n <- nrow(people)
  design <- svydesign(ids = ~1, weights = ~1, data = people)
  margins <- lapply(names(shares), function(name) as.formula(paste0("~", name)))
  totals <- lapply(names(shares), function(name) setNames(data.frame(factor(seq_along(shares[[name]])), shares[[name]] / sum(shares[[name]]) * n), c(name, "Freq")))
  weights(rake(design, margins, totals, control = list(maxit = 1000, epsilon = 1e-10, verbose = FALSE)))
}
w <- rake_them(people, shares)
row("rake_counts", counts)
for (name in names(shares)) row(paste0("rake_", name), shares[[name]])
first <- cumsum(c(1, counts))[seq_along(counts)]
row("rake_weights", w[first])
# Kish: 1 + the squared coefficient of variation of the weights. kish, design effect, effective sample size.
row("kish", 1 + mean((w - mean(w))^2) / mean(w)^2, sum(w)^2 / sum(w^2))
# The weighted share of a made-up answer, through the package: aware are those whose row number is no multiple of 7.
aware <- as.integer(seq_len(n) %% 7 != 0)
row("aware_by_cell", tapply(aware, rep(seq_along(counts), counts), sum))
row("weighted_share", coef(svymean(~aware, svydesign(ids = ~1, weights = w, data = data.frame(aware)))))

# Cut weights: three categories, one of them rare; after each round weights above 5 are cut to 5 and the mean brought back to 1.
cut_counts <- c(4, 60, 136, 6, 50, 44)
cut_grid <- expand.grid(a = 1:3, b = 1:2)
cut_a <- c(0.16, 0.4, 0.44); cut_b <- c(0.55, 0.45)
w <- rep(1, 6); total <- sum(cut_counts)
for (round in 1:1000) {
  w <- w * (cut_a * total / tapply(cut_counts * w, cut_grid$a, sum))[cut_grid$a]
  w <- w * (cut_b * total / tapply(cut_counts * w, cut_grid$b, sum))[cut_grid$b]
  w <- pmin(w, 5)
  w <- w / (sum(cut_counts * w) / total)
}
row("cut_counts", cut_counts)
row("cut_a", cut_a)
row("cut_b", cut_b)
row("cut_weights", w)
