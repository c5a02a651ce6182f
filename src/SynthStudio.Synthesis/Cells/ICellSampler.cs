using SynthStudio.Synthesis.Randomness;

namespace SynthStudio.Synthesis.Cells;

/// <summary>Draws blocks of cells under the conditions it was made for. Safe for concurrent use.</summary>
internal interface ICellSampler
{
    /// <summary>Draws one block.</summary>
    /// <param name="rows">Rows of the block.</param>
    /// <param name="random">The block's stream: nothing else may decide what is drawn.</param>
    /// <param name="cancellation">Looked at now and then.</param>
    /// <returns>By modelled column, by row.</returns>
    ushort[][] Draw(int rows, SeededStream random, CancellationToken cancellation);
}
