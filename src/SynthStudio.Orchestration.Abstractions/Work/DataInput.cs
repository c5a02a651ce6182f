namespace SynthStudio.Orchestration;

/// <summary>A stored data file and how it is to be read.</summary>
/// <param name="Object">The bytes.</param>
/// <param name="FileName">Original name; its endings say the format where the content does not.</param>
/// <param name="SchemaJson">The schema file; empty infers it.</param>
/// <param name="Split">Which rows are meant; null for all.</param>
[GenerateSerializer, Immutable, Alias("synthstudio.DataInput")]
public sealed record DataInput(
    [property: Id(0)] ObjectRef Object,
    [property: Id(1)] string FileName,
    [property: Id(2)] string SchemaJson,
    [property: Id(3)] RowSplit? Split = null)
{
    /// <summary>No data at all.</summary>
    public static DataInput None { get; } = new(new ObjectRef("", "", 0, ""), "", "");
}

/// <summary>A table cut in two by a public rule that the worker knows: some rows are held back from a training.</summary>
/// <param name="HeldBack">Those are meant; otherwise the others.</param>
/// <param name="Seed">Decides which they are.</param>
[GenerateSerializer, Immutable, Alias("synthstudio.RowSplit")]
public sealed record RowSplit([property: Id(0)] bool HeldBack, [property: Id(1)] long Seed);
