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
internal sealed record AccuracyResult(
    double Univariate,
    double UnivariateMax,
    double Bivariate,
    double BivariateMax,
    double? Trivariate,
    double? TrivariateMax,
    int Triples,
    double[] PerColumn,
    double[] PerPair)
{
    public double Overall => (Univariate + Bivariate) / 2;

    public double OverallMax => (UnivariateMax + BivariateMax) / 2;
}
