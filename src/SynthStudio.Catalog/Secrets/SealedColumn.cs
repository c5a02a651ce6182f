namespace SynthStudio.Catalog.Secrets;

/// <summary>A column of secrets that the master key seals.</summary>
/// <param name="Kind">What they are.</param>
/// <param name="Table">Its table.</param>
/// <param name="Key">The column that tells rows apart, a text.</param>
/// <param name="Secret">The column itself; where it is null there is no secret.</param>
/// <param name="Purpose">What a row's secret is sealed for, by the row's key and owner.</param>
internal sealed record SealedColumn(SecretKind Kind, string Table, string Key, string Secret, Func<string, string, string> Purpose)
{
    /// <summary>A further column that purposes name.</summary>
    public string? Owner { get; init; }

    /// <summary>Whether an earlier version left a secret, which had another form then.</summary>
    public Func<byte[], bool> IsEarlier { get; init; } = _ => false;

    /// <summary>The secret in a box of the earlier form, by the row's key.</summary>
    public Func<byte[], string, byte[]> OpenEarlier { get; init; } = (box, _) => box;
}
