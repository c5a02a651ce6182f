using SynthStudio.Privacy.Ledger;

namespace SynthStudio.Catalog;

/// <summary>How the privacy budget of a data set stands: a training must fit in every population.</summary>
/// <param name="Dataset">The data set.</param>
/// <param name="Populations">At least one.</param>
public sealed record DatasetBudget(string Dataset, IReadOnlyList<PopulationBudget> Populations)
{
    /// <summary>The population that leaves least.</summary>
    public PopulationBudget Tightest => Populations.MinBy(p => p.Budget is null ? -1 : p.RemainingEpsilon)!;

    public PrivacyBadge Badge => Populations.Any(p => p.NonPrivateReleases > 0)
        ? PrivacyBadge.NotGuaranteed
        : Populations.Any(p => p.PrivateReleases > 0) ? PrivacyBadge.Guaranteed : PrivacyBadge.Unreleased;
}

/// <summary>How the budget of one population stands.</summary>
/// <param name="Name">Resource name.</param>
/// <param name="Budget">What may be spent; null before the owner said so.</param>
/// <param name="SpentEpsilon">Spent or reserved at the budget's delta, by the filter that decides.</param>
/// <param name="RemainingEpsilon">The budget less that.</param>
/// <param name="PrivateReleases">Results released under a guarantee.</param>
/// <param name="NonPrivateReleases">Results released without one.</param>
/// <param name="Sequence">Number of the newest event.</param>
/// <param name="Datasets">The data sets that hold these people.</param>
/// <param name="Partitions">Those that are divided, by data set.</param>
public sealed record PopulationBudget(
    string Name, PrivacyPrice? Budget, double SpentEpsilon, double RemainingEpsilon, long PrivateReleases, long NonPrivateReleases, long Sequence,
    IReadOnlyList<string> Datasets, IReadOnlyList<PartitionBudget> Partitions);

/// <summary>How the parts of a divided data set stand.</summary>
/// <param name="Dataset">The data set.</param>
/// <param name="Partition">How it is divided.</param>
/// <param name="SpentEpsilon">By part: what its people have lost at most, in the part and in whole tables.</param>
public sealed record PartitionBudget(string Dataset, Partition Partition, IReadOnlyList<double> SpentEpsilon);

/// <summary>What can be said of everything that was released from a data set, each worse than the one before.</summary>
public enum PrivacyBadge
{
    /// <summary>Nothing was released.</summary>
    Unreleased,

    /// <summary>All that was released is differentially private.</summary>
    Guaranteed,

    /// <summary>Something was released that no noise protects.</summary>
    NotGuaranteed,
}

/// <summary>One line of a ledger, as it is listed.</summary>
public sealed record LedgerRecord : IListedRecord
{
    public required string Name { get; init; }

    public required DateTimeOffset CreateTime { get; init; }

    public required LedgerLine Line { get; init; }

    /// <summary>Where the reservation of the line's job stands today; null when it is about no job.</summary>
    public required ReservationState? State { get; init; }
}
