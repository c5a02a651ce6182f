using SynthStudio.Evaluation.Encoding;

namespace SynthStudio.Evaluation.SinglingOut;

/// <summary>A description of a person: conditions that all hold.</summary>
internal sealed class RowQuery(params RowCondition[] conditions)
{
    /// <summary>Whether exactly one row of the table fits.</summary>
    public bool FitsOne(EncodedTable table)
    {
        var found = 0;
        for (var row = 0; row < table.RowCount && found < 2; row++)
        {
            found += Fits(table, row) ? 1 : 0;
        }

        return found == 1;
    }

    private bool Fits(EncodedTable table, int row)
    {
        foreach (var condition in conditions)
        {
            if (!condition.Holds(table, row))
            {
                return false;
            }
        }

        return true;
    }
}
