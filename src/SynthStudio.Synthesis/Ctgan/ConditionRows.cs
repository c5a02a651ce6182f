using SynthStudio.Synthesis.Mixed;
using SynthStudio.Synthesis.Randomness;

namespace SynthStudio.Synthesis.Ctgan;

/// <summary>The training rows that meet each condition: real rows for the critic are drawn among them.</summary>
internal sealed class ConditionRows
{
    private readonly int[] all;
    private readonly int[][] rowsByCondition;

    public ConditionRows(ConditionLayout conditions, MixedRows rows, int[] training)
    {
        all = training;
        var lists = new List<int>[conditions.Count];
        for (var i = 0; i < lists.Length; i++) lists[i] = [];
        for (int first = 0, k = 0; k < conditions.Columns.Length; k++)
        {
            var column = conditions.Columns[k];
            foreach (var row in training) lists[first + rows.Symbols[column][row]].Add(row);
            first = Array.FindLastIndex(conditions.Column, c => c == column) + 1;
        }

        rowsByCondition = Array.ConvertAll(lists, list => list.ToArray());
    }

    /// <summary>A row that meets <paramref name="condition"/>; any row when none of the training rows does.</summary>
    public int Draw(int condition, SeededStream random)
    {
        var rows = rowsByCondition.Length == 0 || rowsByCondition[condition].Length == 0 ? all : rowsByCondition[condition];
        return rows[random.NextInt(rows.Length)];
    }
}
