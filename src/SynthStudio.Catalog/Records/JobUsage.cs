namespace SynthStudio.Catalog;

/// <summary>What jobs of a kind took that ended in a time.</summary>
/// <param name="Project">Whose.</param>
/// <param name="Kind">What they did.</param>
/// <param name="Jobs">How many.</param>
/// <param name="RunTime">From start to end, in all.</param>
/// <param name="AcceleratorTime">For how long they had accelerators, by the leases that ended in the time; also of jobs that have not ended.</param>
/// <param name="Rows">Rows that they made.</param>
/// <param name="Bytes">Bytes that they left: of models, profiles, drawn rows, reports.</param>
public sealed record JobUsage(string Project, WorkKind Kind, long Jobs, TimeSpan RunTime, TimeSpan AcceleratorTime, long Rows, long Bytes);
