using SynthStudio.Evaluation.Boosting;
using SynthStudio.Evaluation.Statistics;
using SynthStudio.Tabular;

namespace SynthStudio.Evaluation.Utility;

/// <summary>The target as boosted trees want it, and the score of what they predict.</summary>
internal sealed class TargetLabels
{
    private readonly LearningTask task;
    private readonly double[] truth;
    private readonly double[] classes;

    /// <param name="task">The kind of prediction.</param>
    /// <param name="fitTargets">Targets of the rows to learn from: numbers, or category codes.</param>
    /// <param name="testTargets">Targets of the rows to predict.</param>
    public TargetLabels(LearningTask task, double[] fitTargets, double[] testTargets)
    {
        this.task = task;
        truth = testTargets;

        // Of two classes the last one, in order of the holdout's values, is the positive one.
        var positive = testTargets.Max();
        classes = task switch
        {
            LearningTask.Regression => [],
            LearningTask.Binary => [.. fitTargets.Select(t => t == positive ? 1.0 : 0.0).Distinct().Order()],
            _ => [.. fitTargets.Distinct().Order()],
        };
        Fit = task switch
        {
            LearningTask.Regression => Array.ConvertAll(fitTargets, t => (float)t),
            LearningTask.Binary => Array.ConvertAll(fitTargets, t => t == positive ? 1f : 0f),
            _ => Array.ConvertAll(fitTargets, t => (float)Array.BinarySearch(classes, t)),
        };
    }

    /// <summary>One label a row to learn from.</summary>
    public float[] Fit { get; }

    /// <summary>Number of classes among the rows to learn from; 0 for numbers.</summary>
    public int Classes => classes.Length;

    public BoostingObjective Objective => task switch
    {
        LearningTask.Binary => BoostingObjective.Binary,
        LearningTask.Multiclass => BoostingObjective.Multiclass,
        _ => BoostingObjective.Regression,
    };

    /// <summary>AUC, macro-F1 or R² of a prediction of the rows to predict.</summary>
    public double Score(double[] prediction) => Score(prediction, [.. Enumerable.Range(0, truth.Length)]);

    /// <summary>The same of some of these rows, among which are two values at least.</summary>
    public double Score(double[] prediction, int[] rows) => task switch
    {
        LearningTask.Binary => PredictionScores.AreaUnderCurve(PositiveTruth(rows), Array.ConvertAll(rows, row => prediction[row])),
        LearningTask.Multiclass => MacroF1(prediction, rows),
        _ => PredictionScores.RSquared(Array.ConvertAll(rows, row => truth[row]), Array.ConvertAll(rows, row => prediction[row])),
    };

    private bool[] PositiveTruth(int[] rows)
    {
        var positive = truth.Max();
        return Array.ConvertAll(rows, row => truth[row] == positive);
    }

    private double MacroF1(double[] probabilities, int[] rows)
    {
        // Probabilities come class by class. Classes that only the holdout has are numbered after those learned.
        var predicted = Array.ConvertAll(rows, row =>
        {
            var best = 0;
            for (var c = 1; c < classes.Length; c++)
            {
                best = probabilities[(c * truth.Length) + row] > probabilities[(best * truth.Length) + row] ? c : best;
            }

            return best;
        });
        var unseen = truth.Except(classes).Order().ToList();
        return PredictionScores.MacroF1(
            Array.ConvertAll(
                rows, row => Array.BinarySearch(classes, truth[row]) is >= 0 and var c ? c : classes.Length + unseen.IndexOf(truth[row])),
            predicted);
    }
}
