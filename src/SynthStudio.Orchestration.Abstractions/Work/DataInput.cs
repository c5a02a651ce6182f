namespace SynthStudio.Orchestration;

/// <summary>A stored data file and how it is to be read.</summary>
/// <param name="Object">The bytes.</param>
/// <param name="FileName">Original name; its endings say the format where the content does not.</param>
/// <param name="SchemaJson">The schema file; empty infers it.</param>
[GenerateSerializer, Immutable, Alias("synthstudio.DataInput")]
public sealed record DataInput(
    [property: Id(0)] ObjectRef Object,
    [property: Id(1)] string FileName,
    [property: Id(2)] string SchemaJson);
