namespace SynthStudio.Evaluation.Neighbours;

/// <summary>The nearest rows seen so far, ascending; among equally far ones the first seen.</summary>
internal sealed class NearestList(int capacity)
{
    private readonly float[] distances = new float[capacity];
    private readonly int[] rows = new int[capacity];
    private int count;

    /// <summary>Distance of the nearest row kept; infinite before there is one.</summary>
    public float Nearest => count == 0 ? float.PositiveInfinity : distances[0];

    /// <summary>The rows kept, nearest first.</summary>
    public IEnumerable<int> Rows => rows.Take(count);

    /// <summary>Looks at the distances of the rows from <paramref name="firstRow"/> on, leaving out the row <paramref name="self"/>.</summary>
    public void Offer(ReadOnlySpan<float> offered, int firstRow, int self)
    {
        var worst = count < distances.Length ? float.PositiveInfinity : distances[^1];
        for (var i = 0; i < offered.Length; i++)
        {
            if (offered[i] < worst && firstRow + i != self)
            {
                Insert(offered[i], firstRow + i);
                worst = count < distances.Length ? float.PositiveInfinity : distances[^1];
            }
        }
    }

    private void Insert(float distance, int row)
    {
        var at = count < distances.Length ? count++ : count - 1;
        for (; at > 0 && distances[at - 1] > distance; at--)
        {
            (distances[at], rows[at]) = (distances[at - 1], rows[at - 1]);
        }

        (distances[at], rows[at]) = (distance, row);
    }
}
