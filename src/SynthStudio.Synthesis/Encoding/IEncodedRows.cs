using System.Security.Cryptography;

namespace SynthStudio.Synthesis.Encoding;

/// <summary>A table's rows as the cells of its modelled columns. Safe for concurrent reading.</summary>
internal interface IEncodedRows : IDisposable
{
    /// <summary>Number of rows.</summary>
    int Count { get; }

    /// <summary>The cells of a row, one a modelled column; <see cref="Autoregressive.Inference.Cell.Unset"/> for a value without a cell.</summary>
    void Read(int row, Span<ushort> cells);

    /// <summary>Adds all cells to a digest.</summary>
    void AppendTo(IncrementalHash hash);
}
