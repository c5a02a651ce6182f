namespace SynthStudio.Orchestration;

/// <summary>An immutable object in the object store.</summary>
/// <param name="Key">Its key there.</param>
/// <param name="Sha256">Of its bytes, lower-case hexadecimal.</param>
/// <param name="Size">In bytes.</param>
/// <param name="MediaType">For example <c>text/csv</c>.</param>
[GenerateSerializer, Immutable, Alias("synthstudio.ObjectRef")]
public sealed record ObjectRef(
    [property: Id(0)] string Key,
    [property: Id(1)] string Sha256,
    [property: Id(2)] long Size,
    [property: Id(3)] string MediaType);
