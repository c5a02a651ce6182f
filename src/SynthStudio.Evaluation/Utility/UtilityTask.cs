using SynthStudio.Evaluation.Encoding;
using SynthStudio.Tabular;

namespace SynthStudio.Evaluation.Utility;

/// <summary>A column to predict.</summary>
/// <param name="Column">Its place among the scored columns.</param>
/// <param name="Task">The kind of prediction.</param>
internal readonly record struct UtilityTask(int Column, LearningTask Task)
{
    public string Measure => MeasureOf(Task);

    /// <summary>The score that a task is measured in.</summary>
    public static string MeasureOf(LearningTask task) => task switch
    {
        LearningTask.Binary => "AUC",
        LearningTask.Multiclass => "macro-F1",
        _ => "R2",
    };

    /// <summary>Numbers are regressed; categories are binary or multiclass by how many of them training has.</summary>
    public static UtilityTask Infer(EncodedTable train, int column) => new(
        column,
        train.Columns[column].IsNumeric ? LearningTask.Regression
        : train.Codes(column).Where(code => code != EncodedTable.MissingCode).Distinct().Take(3).Count() <= 2 ? LearningTask.Binary : LearningTask.Multiclass);
}
