namespace SynthStudio.ClusterTorture;

/// <summary>A fault that was struck.</summary>
/// <param name="Plan">What was planned.</param>
/// <param name="Target">Whom it hit.</param>
/// <param name="Struck">When it began, since the start of the run.</param>
/// <param name="Over">When it was over; for a kill, when it began.</param>
/// <param name="Leases">Jobs that were leased to the silo it hit, with their lease's epoch.</param>
/// <param name="Hit">Whether it hit anything: no worker may have been at work, or no process have lived where it struck.</param>
internal sealed record StruckFault(
    PlannedFault Plan, string Target, TimeSpan Struck, TimeSpan Over, IReadOnlyList<(string Job, long Epoch)> Leases, bool Hit = true);
