using SynthStudio.Evaluation.Encoding;

namespace SynthStudio.Evaluation.Utility;

/// <summary>A kind of model that learns a target from rows and predicts it for others.</summary>
internal interface IPredictor
{
    /// <summary>For the report.</summary>
    string Name { get; }

    /// <summary>More classes than this take too long to be worth it.</summary>
    int MostClasses { get; }

    /// <summary>Learns from some rows and predicts others: probabilities of a binary target or its number, of several classes class by class.</summary>
    /// <param name="table">The rows to learn from.</param>
    /// <param name="fitRows">Which of them.</param>
    /// <param name="labels">Their targets.</param>
    /// <param name="test">The rows to predict.</param>
    /// <param name="testRows">Which of them.</param>
    /// <returns>The prediction, and what each column contributed where the model knows.</returns>
    (double[] Prediction, double[]? Gains) FitAndPredict(EncodedTable table, int[] fitRows, TargetLabels labels, EncodedTable test, int[] testRows);
}
