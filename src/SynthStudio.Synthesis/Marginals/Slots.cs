namespace SynthStudio.Synthesis.Marginals;

/// <summary>Deals out the releases of a phase.</summary>
internal static class Slots
{
    /// <summary>
    /// How many of <paramref name="total"/> releases each table gets: at least one, and in proportion to its cells to the power 2/3, which
    /// minimises the expected L1 error of all of them (McKenna, Miklau, Sheldon, AIM, arXiv:2201.12677, and its Lagrange condition).
    /// </summary>
    /// <param name="total">At least as many as tables.</param>
    /// <param name="cells">Cells of each table.</param>
    public static int[] Deal(int total, IReadOnlyList<double> cells)
    {
        if (cells.Count == 0) return [];
        var weights = cells.Select(c => Math.Pow(c, 2.0 / 3)).ToArray();
        var sum = weights.Sum();
        var slots = Array.ConvertAll(weights, w => Math.Max(1, (int)Math.Floor(total * w / sum)));
        while (slots.Sum() > total) slots[Array.IndexOf(slots, slots.Max())]--;
        while (slots.Sum() < total)
        {
            var neediest = Enumerable.Range(0, slots.Length).MaxBy(i => weights[i] / slots[i]);
            slots[neediest]++;
        }

        return slots;
    }
}
