namespace SynthStudio.Evaluation.Accuracy;

/// <summary>QA accuracy, 0 to 1, and the maximum to expect.</summary>
/// <param name="Univariate">Mean over columns.</param>
/// <param name="UnivariateMax">What fresh real rows are expected to score.</param>
/// <param name="Bivariate">Mean over pairs.</param>
/// <param name="BivariateMax">What fresh real rows are expected to score.</param>
/// <param name="Trivariate">Mean over triples; null with fewer than three columns.</param>
/// <param name="TrivariateMax">What fresh real rows are expected to score.</param>
/// <param name="Triples">Triples that were looked at.</param>
/// <param name="PerColumn">One score a scored column.</param>
/// <param name="PerPair">One score a pair, in the order of <see cref="EvaluationContext.Pairs"/>.</param>
/// <param name="Errors">Standard errors of the means; null when they were not asked for.</param>
internal sealed record AccuracyResult(
    double Univariate,
    double UnivariateMax,
    double Bivariate,
    double BivariateMax,
    double? Trivariate,
    double? TrivariateMax,
    int Triples,
    double[] PerColumn,
    double[] PerPair,
    AccuracyErrors? Errors = null)
{
    public double Overall => (Univariate + Bivariate) / 2;

    public double OverallMax => (UnivariateMax + BivariateMax) / 2;
}

/// <summary>Standard errors of QA accuracies.</summary>
/// <param name="Univariate">Mean over columns.</param>
/// <param name="Bivariate">Mean over pairs.</param>
/// <param name="Trivariate">Mean over triples; null with fewer than three columns.</param>
/// <param name="Overall">Mean of the first two.</param>
internal sealed record AccuracyErrors(double Univariate, double Bivariate, double? Trivariate, double Overall);
