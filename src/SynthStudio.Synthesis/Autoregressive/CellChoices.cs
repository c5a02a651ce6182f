using SynthStudio.Synthesis.Randomness;

namespace SynthStudio.Synthesis.Autoregressive;

/// <summary>Uniform numbers in [0, 1) that choose the cells of a column.</summary>
/// <param name="Coarse">By cell to be drawn: chooses its coarse token, or, under a condition, the cell.</param>
/// <param name="Fine">Chooses the fine token; empty where the column has none.</param>
internal readonly record struct CellChoices(float[] Coarse, float[] Fine)
{
    /// <summary>One or two numbers a cell whatever the groups, so that a row's cell depends on its own history only.</summary>
    /// <param name="random">The block's stream.</param>
    /// <param name="cells">How many.</param>
    /// <param name="fine">Whether the column has fine tokens.</param>
    public static CellChoices From(SeededStream random, int cells, bool fine)
    {
        var choices = new CellChoices(new float[cells], fine ? new float[cells] : []);
        for (var i = 0; i < cells; i++)
        {
            choices.Coarse[i] = random.NextSingle();
            if (fine) choices.Fine[i] = random.NextSingle();
        }

        return choices;
    }
}
