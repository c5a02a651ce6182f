namespace SynthStudio.Privacy.Ledger;

/// <summary>One line of a population's ledger. Lines are only ever added.</summary>
public abstract record LedgerEntry
{
    private protected LedgerEntry()
    {
    }

    /// <summary>The name in storage and on the wire, in snake_case.</summary>
    public abstract string Kind { get; }
}

/// <summary>The owner said how much may be spent in all.</summary>
public sealed record BudgetSet(PrivacyPrice Budget) : LedgerEntry
{
    public override string Kind => "budget_set";
}

/// <summary>A job was promised its price, before it saw anything.</summary>
/// <param name="Job">The job.</param>
/// <param name="Price">The price.</param>
/// <param name="Part">The part of a data set that it sees alone; null for whole tables.</param>
public sealed record Reserved(string Job, PrivacyPrice Price, LedgerPart? Part = null) : LedgerEntry
{
    public override string Kind => "reserved";
}

/// <summary>The job was let at the data: from here on its price is spent, whatever becomes of it.</summary>
public sealed record Touched(string Job) : LedgerEntry
{
    public override string Kind => "touched";
}

/// <summary>The job's result was released, and this is what its noise did.</summary>
/// <param name="Job">The job.</param>
/// <param name="Event">What happened, as <see cref="Events.PrivacyEventJson"/>; empty when it cannot be priced, then the reserved box stays.</param>
/// <param name="Overspent">It did more than was reserved: the box does not bound it, and only its own price counts.</param>
public sealed record Committed(string Job, string Event, bool Overspent) : LedgerEntry
{
    public override string Kind => "committed";
}

/// <summary>A job that was never let at the data gave its price back.</summary>
public sealed record Released(string Job) : LedgerEntry
{
    public override string Kind => "released";
}

/// <summary>The owner divided a data set into parts of which no row, and nobody, is in two.</summary>
/// <param name="Dataset">The data set.</param>
/// <param name="Partition">Its parts.</param>
public sealed record PartitionDeclared(string Dataset, Partition Partition) : LedgerEntry
{
    public override string Kind => "partition_declared";
}

/// <summary>Something was released that no noise protects: no budget bounds it.</summary>
/// <param name="What">What it was: model, profile or evaluation_report.</param>
/// <param name="Subject">The resource that holds it.</param>
public sealed record NonPrivateRelease(string What, string Subject) : LedgerEntry
{
    public override string Kind => "non_private";
}
