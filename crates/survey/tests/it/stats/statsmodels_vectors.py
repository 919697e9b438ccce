"""Reference values from statsmodels: python3 crates/survey/tests/it/stats/statsmodels_vectors.py > crates/survey/tests/it/stats/statsmodels.tsv

newcombe, aware before, n, aware now, n, difference, low, high (confint_proportions_2indep, method newcomb);
wilson, aware, n, low, high (proportion_confint, method wilson). Made with statsmodels 0.15.0.
"""
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

def row(what, *numbers):
    print(what, *(repr(float(n)) for n in numbers), sep="\t")

for before, n, now, m in [(320, 400, 352, 400), (30, 60, 30, 60), (56, 70, 48, 80), (9, 10, 3, 10), (353, 400, 873, 1000), (0, 10, 10, 10)]:
    low, high = confint_proportions_2indep(now, m, before, n, method="newcomb", compare="diff", alpha=0.05)
    row("newcombe", before, n, now, m, now / m - before / n, low, high)
for aware, n in [(353, 400), (354, 400), (1, 7), (16094, 16095)]:
    row("wilson", aware, n, *proportion_confint(aware, n, alpha=0.05, method="wilson"))
