using System.Globalization;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Private;

/// <summary>A cell's value as a name: the text of a category, a number in its shortest form that reads back the same.</summary>
internal static class CellName
{
    /// <param name="column">The column.</param>
    /// <param name="row">A row where it is not missing.</param>
    public static string Of(Column column, int row) =>
        column is NumericColumn numbers ? numbers.Values[row].ToString("R", CultureInfo.InvariantCulture) : ((CodedColumn)column).Text(row)!;
}
