using SynthStudio.Synthesis.Autoregressive.Inference;
using SynthStudio.Synthesis.Encoding;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Autoregressive;

/// <summary>A table that someone brings, as a model's cells.</summary>
/// <param name="Cells">By modelled column, by row; <see cref="Cell.Unset"/> where the table has no cell that the model knows.</param>
/// <param name="Present">By modelled column whether the table has it.</param>
internal sealed record ObservedCells(ushort[][] Cells, bool[] Present)
{
    /// <exception cref="SynthesisException">A column is of another kind than in training.</exception>
    public static ObservedCells Read(TableCodec codec, Table table)
    {
        var present = codec.Modelled.Select(c => table.Schema.Columns.Any(column => column.Name == codec.Columns[c].Schema.Name)).ToArray();
        var cells = codec.Modelled.Select((c, i) => present[i] ? Encode(codec.Columns[c], table[codec.Columns[c].Schema.Name]) : Cell.AllUnset(table.RowCount));
        return new ObservedCells([.. cells], present);
    }

    /// <summary>A column's cells; <see cref="Cell.Unset"/> where it has none that the model knows.</summary>
    /// <exception cref="SynthesisException">It is of another kind than in training.</exception>
    public static ushort[] Encode(ColumnCodec codec, Column column) =>
        codec.Schema.IsNumeric == column is NumericColumn
            ? codec.EncodeKnown(column, Cell.Unset)
            : throw new SynthesisException(
                SynthesisError.TableMismatch, $"Column '{column.Name}' is {column.Schema.Kind} here, but the model learned it as {codec.Schema.Kind}.", column.Name);
}
