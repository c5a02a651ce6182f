namespace SynthStudio.Api.Services;

/// <summary>A report that a job left.</summary>
/// <param name="Subject">The evaluation or generator that it is of.</param>
/// <param name="Tables">The data sets that it tells of; also the synthetic one where that was uploaded, for it may be real.</param>
/// <param name="IsOfUpload">Whether the synthetic table was uploaded.</param>
/// <param name="Json">As JSON.</param>
/// <param name="Made">What the job made, by role.</param>
/// <param name="Missing">What to throw where the report, or the page, is not there.</param>
internal sealed record StoredReport(
    string Subject, IReadOnlyList<string> Tables, bool IsOfUpload, ObjectRef? Json, IReadOnlyDictionary<string, ObjectRef>? Made,
    Func<string, RpcException> Missing)
{
    /// <summary>As a page; reports of older workers have none.</summary>
    public ObjectRef? Page => Made?.GetValueOrDefault("report_html");

    /// <summary>As a page for those who may not see real rows; reports of older versions have none.</summary>
    public ObjectRef? GuardedPage => Made?.GetValueOrDefault("report_guarded_html");
}
