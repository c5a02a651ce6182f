namespace SynthStudio.Api.Services;

/// <summary>What of a report is left out.</summary>
/// <param name="Telling">Names of the columns whose values tell of persons; null for all.</param>
/// <param name="IsOfUpload">Whether the synthetic table was uploaded, and so may be a real one.</param>
internal sealed record ReportCut(IReadOnlySet<string>? Telling, bool IsOfUpload)
{
    public bool IsTelling(string column) => Telling?.Contains(column) ?? true;
}
