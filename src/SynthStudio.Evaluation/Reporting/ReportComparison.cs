using SynthStudio.Evaluation.Reporting.Html;

namespace SynthStudio.Evaluation.Reporting;

/// <summary>Reports on several synthetic tables of one training table, side by side.</summary>
public static class ReportComparison
{
    public const int Fewest = 2, Most = 8;

    /// <summary>One HTML page that needs nothing else.</summary>
    /// <param name="tables">Two to eight reports with the names they are shown by.</param>
    /// <exception cref="ArgumentException">There are fewer or more.</exception>
    public static string ToHtml(IReadOnlyList<(string Name, EvaluationReport Report)> tables) => tables.Count is >= Fewest and <= Most
        ? ComparisonPage.Render(tables)
        : throw new ArgumentException($"{Fewest} to {Most} reports can be compared; there are {tables.Count}.", nameof(tables));
}
