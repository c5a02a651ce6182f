namespace SynthStudio.Api.Services;

/// <summary>Changes a file on its way to the caller, piece by piece.</summary>
public interface IDownloadEdit
{
    /// <summary>By how many bytes the file grows; null when that shows only at its end.</summary>
    long? AddedBytes { get; }

    /// <summary>The next piece as it is sent; valid until the next call.</summary>
    ReadOnlyMemory<byte> Next(ReadOnlySpan<byte> piece);

    /// <summary>What is left at the end of the file.</summary>
    ReadOnlyMemory<byte> End();
}
