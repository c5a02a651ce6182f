namespace SynthStudio.Evaluation.Anonymity;

/// <summary>Rows that agree in the quasi-identifiers.</summary>
internal static class EquivalenceClasses
{
    /// <summary>One key a row; equal keys mean equal values in all columns.</summary>
    /// <param name="columns">The codes of each quasi-identifier, at least one column.</param>
    public static string[] Keys(int[][] columns)
    {
        var keys = new string[columns[0].Length];
        var cells = new char[2 * columns.Length];
        for (var row = 0; row < keys.Length; row++)
        {
            for (var c = 0; c < columns.Length; c++)
            {
                (cells[2 * c], cells[(2 * c) + 1]) = ((char)(columns[c][row] & 0xffff), (char)(columns[c][row] >> 16));
            }

            keys[row] = new string(cells);
        }

        return keys;
    }
}
