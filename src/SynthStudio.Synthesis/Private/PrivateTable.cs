using SynthStudio.Synthesis.Encoding;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Private;

/// <summary>A private table in cells, encoded by what was declared of it or paid for.</summary>
/// <param name="Codec">How values become cells.</param>
/// <param name="Cells">By modelled column, by row. Private.</param>
internal sealed record PrivateTable(TableCodec Codec, ushort[][] Cells)
{
    /// <summary>Cells of each modelled column.</summary>
    public IReadOnlyList<int> Sizes { get; } = [.. Codec.Modelled.Select(c => Codec.Columns[c].Layout.Cells)];

    /// <summary>Encodes; nothing of the result's shape depends on the data but the number of rows.</summary>
    /// <exception cref="SynthesisException">Nothing is declared to vary.</exception>
    public static PrivateTable Encode(Table table, TableCodec codec) => codec.Modelled.Count > 0
        ? new PrivateTable(codec, codec.Encode(table))
        : throw new SynthesisException(SynthesisError.NothingToLearn, "No column is declared to have more than one value: there is nothing to learn.");
}
