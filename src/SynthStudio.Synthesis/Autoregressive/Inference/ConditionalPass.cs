namespace SynthStudio.Synthesis.Autoregressive.Inference;

/// <summary>Runs rows of known cells through the trunk, a pass at a time.</summary>
internal static class ConditionalPass
{
    /// <summary>Calls <paramref name="use"/> with z of some rows in memory, until it has seen all of them.</summary>
    /// <param name="network">The network.</param>
    /// <param name="memory">The calling thread's.</param>
    /// <param name="cells">[column][row]; those that are <see cref="Cell.Unset"/> are not observed.</param>
    /// <param name="rows">Rows to run.</param>
    /// <param name="unseen">A column that is not observed though it is set; -1 for none.</param>
    /// <param name="use">Gets where the pass begins among <paramref name="rows"/> and how many rows it has.</param>
    public static void Run(InferenceNetwork network, InferenceMemory memory, ushort[][] cells, IReadOnlyList<int> rows, int unseen, Action<int, int> use)
    {
        for (var first = 0; first < rows.Count; first += InferenceMemory.Rows)
        {
            var count = Math.Min(InferenceMemory.Rows, rows.Count - first);
            for (var i = 0; i < count; i++)
            {
                var h = memory.H(i);
                network.Begin(h);
                for (var c = 0; c < cells.Length; c++)
                {
                    if (c != unseen && cells[c][rows[first + i]] != Cell.Unset) network.Observe(h, c, cells[c][rows[first + i]]);
                }
            }

            network.Trunk(memory, count);
            use(first, count);
        }
    }
}
