namespace SynthStudio.Orchestration;

/// <summary>Which accelerator of a silo a job gets: one by itself, or a part of one's memory. The same rule where work is planned and where it runs.</summary>
public static class AcceleratorSharing
{
    /// <summary>Whether the job takes an accelerator of the silo when it runs there.</summary>
    public static bool Uses(ComputeSilo silo, WorkRequirements needs) => silo.Accelerator != "cpu" && needs.Accelerator != "cpu";

    /// <summary>The accelerator for one more job, from 0: the first that has room once the others have taken theirs in order; null when none has.</summary>
    public static int? Place(ComputeSilo silo, IEnumerable<WorkRequirements> others, WorkRequirements needs)
    {
        // What was started when less was known, for example how many there are, is on one of them all the same.
        var taken = new long[Math.Max(1, silo.Accelerators)];
        foreach (var other in others) taken[Room(taken, silo, other) ?? 0] += Share(silo, other);
        return Room(taken, silo, needs);
    }

    /// <summary>The accelerator for one more job where it is known which ones the others have.</summary>
    public static int? Place(ComputeSilo silo, IEnumerable<(int Accelerator, WorkRequirements Needs)> others, WorkRequirements needs)
    {
        var taken = new long[Math.Max(1, silo.Accelerators)];
        // One that the silo has lost since counts on its last.
        foreach (var (accelerator, other) in others) taken[Math.Min(accelerator, taken.Length - 1)] += Share(silo, other);
        return Room(taken, silo, needs);
    }

    private static int? Room(long[] taken, ComputeSilo silo, WorkRequirements needs)
    {
        var share = Share(silo, needs);
        var found = Array.FindIndex(taken, t => t + share <= Whole(silo));
        return found < 0 ? null : found;
    }

    private static long Share(ComputeSilo silo, WorkRequirements needs) =>
        needs.AcceleratorMemoryBytes > 0 && silo.AcceleratorMemoryBytes > 0 ? Math.Min(needs.AcceleratorMemoryBytes, Whole(silo)) : Whole(silo);

    private static long Whole(ComputeSilo silo) => Math.Max(1, silo.AcceleratorMemoryBytes);
}
