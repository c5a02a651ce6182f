using SynthStudio.Evaluation.Boosting;
using SynthStudio.Evaluation.Detection;
using SynthStudio.Evaluation.Encoding;
using SynthStudio.Evaluation.Statistics;

namespace SynthStudio.Evaluation.Utility;

/// <summary>
/// A linear model on standardised numbers and one-hot categories, L2-regularised: logistic regression (one against the rest of several
/// classes), or least squares. At most 20,000 rows are learned from.
/// </summary>
internal sealed class LinearPredictor(EvaluationContext context, int target) : IPredictor
{
    private const int MostRows = 20_000;
    private const int MostSteps = 60;
    private const double Tolerance = 1e-3;

    public string Name => "linear";

    public int MostClasses => 20;

    public (double[] Prediction, double[]? Gains) FitAndPredict(EncodedTable table, int[] fitRows, TargetLabels labels, EncodedTable test, int[] testRows)
    {
        var some = RowSample.DrawIfMore(fitRows.Length, MostRows, context.Seed);
        var rows = Array.ConvertAll(some, i => fitRows[i]);
        var fit = Array.ConvertAll(some, i => labels.Fit[i]);
        var features = new LinearFeatures(table, rows, target);
        var (numbers, places) = features.Build(table, rows);
        var (testNumbers, testPlaces) = features.Build(test, testRows);
        int[] all = [.. Enumerable.Range(0, rows.Length)], everyTest = [.. Enumerable.Range(0, testRows.Length)];
        if (labels.Objective == BoostingObjective.Regression)
        {
            var squares = new LinearLeastSquares(numbers, places, features.NumberCount, features.CategoryColumns, fit);
            var solution = LimitedMemoryBfgs.Minimise(features.WeightCount + 1, squares.Loss, MostSteps, Tolerance, context.Cancellation);
            return (squares.Predict(solution, testNumbers, testPlaces), null);
        }

        // Labels are 0 and 1 of two classes, else one problem a class.
        int[] classes = labels.Objective == BoostingObjective.Binary ? [1] : [.. Enumerable.Range(0, labels.Classes)];
        var predictions = new double[classes.Length][];
        var learner = new LogisticRegression(numbers, places, features.NumberCount, features.CategoryColumns, []);
        var predictor = new LogisticRegression(testNumbers, testPlaces, features.NumberCount, features.CategoryColumns, []);
        Parallel.For(0, classes.Length, context.Parallelism, c =>
        {
            var weights = LimitedMemoryBfgs.Minimise(
                features.WeightCount + 1,
                (point, gradient) => learner.Loss(point, gradient, all, row => (int)fit[row] == classes[c]),
                MostSteps,
                Tolerance,
                context.Cancellation);
            predictions[c] = predictor.Margins(weights, everyTest);
        });
        return ([.. predictions.SelectMany(values => values)], null);
    }
}
