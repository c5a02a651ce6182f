namespace SynthStudio.Evidence.Facts;

/// <summary>Where something was read.</summary>
/// <param name="Resource">Resource name, for example <c>projects/shop/datasets/orders</c>; <c>installation</c> for the server's configuration.</param>
/// <param name="Time">When it was made or last changed; null when nothing is stored of that.</param>
/// <param name="Sha256">Of its bytes, lower-case hexadecimal; null when it has none.</param>
public sealed record FactSource(string Resource, DateTimeOffset? Time = null, string? Sha256 = null);

/// <summary>A sentence that says what is stored, and where.</summary>
/// <param name="Statement">One sentence, without values of data.</param>
/// <param name="Source">Where it was read.</param>
public sealed record Fact(string Statement, FactSource Source);
