using SynthStudio.Evaluation.Boosting;
using SynthStudio.Evaluation.Encoding;

namespace SynthStudio.Evaluation.Utility;

/// <summary>Boosted trees, 150 rounds at rate 0.08.</summary>
internal sealed class TreePredictor : IPredictor
{
    private const int Rounds = 150;
    private const double LearningRate = 0.08;

    private readonly EvaluationContext context;
    private readonly int[] columns;
    private readonly FeatureBuilder features;

    /// <param name="context">The evaluation.</param>
    /// <param name="target">The column that is not looked at.</param>
    public TreePredictor(EvaluationContext context, int target)
    {
        this.context = context;
        columns = [.. Enumerable.Range(0, context.Columns.Count).Where(c => c != target).OrderBy(c => context.Columns[c].IsNumeric ? 0 : 1)];
        features = new FeatureBuilder(context.Train, columns);
    }

    public string Name => "boosted trees";

    public int MostClasses => 200;

    /// <exception cref="BoostingException">LightGBM refuses the data.</exception>
    public (double[] Prediction, double[]? Gains) FitAndPredict(EncodedTable table, int[] fitRows, TargetLabels labels, EncodedTable test, int[] testRows)
    {
        var everyRow = Enumerable.Range(0, fitRows.Length).ToArray();
        Func<int, int>? classOf = labels.Objective == BoostingObjective.Regression ? null : row => (int)labels.Fit[row];
        var (learn, stop) = HeldBackSplit.Split(everyRow, classOf, context.Seed);
        using var whole = BoostingDataset.Create(features.Build(table, fitRows), labels.Fit);
        using var testing = BoostingDataset.Create(features.Build(test, testRows), new float[testRows.Length], whole);
        using var training = stop is null ? null : whole.Subset(learn);
        using var heldBack = stop is null ? null : whole.Subset(stop);
        var options = new BoostingOptions
        {
            Objective = labels.Objective,
            Classes = labels.Objective == BoostingObjective.Multiclass ? labels.Classes : 1,
            Rounds = Rounds,
            LearningRate = LearningRate,
            Seed = context.Seed,
        };
        var prediction = BoostedTrees.FitAndPredict(training ?? whole, heldBack, testing, options, context.Cancellation);
        var gains = new double[context.Columns.Count];
        for (var f = 0; f < columns.Length; f++)
        {
            gains[columns[f]] = prediction.Gains[f];
        }

        return (prediction.Values, gains);
    }
}
