using System.Text.Json.Serialization;
using SynthStudio.Synthesis.Randomness;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Encoding;

/// <summary>
/// Turns the values of one column into cells and cells back into values. Holds everything that is kept of the column's values, and
/// nothing that fewer than five rows share, unless protection was switched off.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "codec")]
[JsonDerivedType(typeof(CategoryCodec), "category")]
[JsonDerivedType(typeof(NumericCodec), "numeric")]
[JsonDerivedType(typeof(IdentifierCodec), "identifier")]
[JsonDerivedType(typeof(TextCodec), "text")]
public abstract class ColumnCodec(ColumnSchema schema)
{
    /// <summary>The column's name, kind and format.</summary>
    public ColumnSchema Schema { get; } = schema;

    /// <summary>The cells a model learns.</summary>
    [JsonIgnore]
    public abstract ColumnLayout Layout { get; }

    /// <summary>The cell of every row.</summary>
    public abstract ushort[] Encode(Column column);

    /// <summary>One value for each cell.</summary>
    /// <param name="cells">Drawable cells of <see cref="Layout"/>, one a row.</param>
    /// <param name="random">Where inside the cell the value lies.</param>
    /// <param name="firstRow">Number of the first row within the sample, for values that must be unique in it.</param>
    /// <param name="seed">Seed of the sample.</param>
    public abstract Column Decode(ReadOnlySpan<ushort> cells, SeededStream random, long firstRow, long seed);

    /// <summary>The cell and the exact value that a condition asks for; null asks for a missing value.</summary>
    /// <exception cref="SynthesisException">The text is no value of the column, or none the model can produce.</exception>
    public abstract GivenValue Given(string? text);

    /// <summary>A condition that cannot be met, in words.</summary>
    protected SynthesisException Impossible(string why) =>
        new(SynthesisError.ImpossibleCondition, $"Column '{Schema.Name}': {why}", Schema.Name);
}
