namespace SynthStudio.Privacy.Ledger;

/// <summary>What is spent or set aside in single parts of a population's data sets.</summary>
/// <param name="Datasets">By data set; those without a partition are not there.</param>
public sealed record PartitionedSpending(IReadOnlyList<DatasetPartition> Datasets)
{
    public static PartitionedSpending None { get; } = new([]);

    /// <summary>The most that any single person can lose in parts: in each data set that of its most expensive part.</summary>
    public Spending Worst => Datasets.Aggregate(Spending.Nothing, (sum, d) => sum + d.Worst);

    /// <summary>With a data set divided.</summary>
    /// <exception cref="LedgerException">It is divided otherwise, and something is spent in a part: people would be in two.</exception>
    public PartitionedSpending Declare(string dataset, Partition partition)
    {
        var known = Datasets.FirstOrDefault(d => d.Dataset == dataset);
        if (known?.Partition == partition) return this;
        if (known is not null && known.Spent.Any(s => s != Spending.Nothing))
            throw new LedgerException(LedgerError.PartitionInUse, $"{dataset} is divided by '{known.Partition.Column}', and something is spent in a part of it.");
        return new([.. Datasets.Where(d => d.Dataset != dataset), new(dataset, partition, [.. partition.Parts.Select(_ => Spending.Nothing)])]);
    }

    /// <summary>With one part's spending changed.</summary>
    /// <exception cref="LedgerException">There is no such part.</exception>
    public PartitionedSpending Change(LedgerPart part, Func<Spending, Spending> change)
    {
        Demand(part);
        return new([.. Datasets.Select(d => d.Dataset == part.Dataset ? d.Change(part.Name, change) : d)]);
    }

    /// <summary>The most that a person of one part can lose in parts: its own, and of other data sets the most expensive.</summary>
    /// <exception cref="LedgerException">There is no such part.</exception>
    public Spending Of(LedgerPart part)
    {
        Demand(part);
        return Datasets.Aggregate(Spending.Nothing, (sum, d) => sum + (d.Dataset == part.Dataset ? d.Of(part.Name) : d.Worst));
    }

    public bool Equals(PartitionedSpending? other) => other is not null && Datasets.SequenceEqual(other.Datasets);

    public override int GetHashCode() => Datasets.Count;

    private void Demand(LedgerPart part)
    {
        if (Datasets.FirstOrDefault(d => d.Dataset == part.Dataset)?.Partition.Find(part.Name) is null)
            throw new LedgerException(LedgerError.PartUnknown, $"{part.Dataset} has no part '{part.Name}'.");
    }
}

/// <summary>A part of a data set.</summary>
/// <param name="Dataset">The data set.</param>
/// <param name="Name">The part's name.</param>
public sealed record LedgerPart(string Dataset, string Name);

/// <summary>What is spent or set aside in the parts of one data set.</summary>
/// <param name="Dataset">The data set.</param>
/// <param name="Partition">How it is divided.</param>
/// <param name="Spent">By part.</param>
public sealed record DatasetPartition(string Dataset, Partition Partition, IReadOnlyList<Spending> Spent)
{
    /// <summary>No less than any part's.</summary>
    internal Spending Worst => Spent.Aggregate(Spending.Max);

    internal Spending Of(string part) => Spent[IndexOf(part)];

    internal DatasetPartition Change(string part, Func<Spending, Spending> change)
    {
        var at = IndexOf(part);
        return this with { Spent = [.. Spent.Select((spent, i) => i == at ? change(spent) : spent)] };
    }

    public bool Equals(DatasetPartition? other) =>
        other is not null && Dataset == other.Dataset && Partition == other.Partition && Spent.SequenceEqual(other.Spent);

    public override int GetHashCode() => HashCode.Combine(Dataset, Partition);

    private int IndexOf(string part) => Partition.Parts.ToList().FindIndex(p => p.Name == part);
}
