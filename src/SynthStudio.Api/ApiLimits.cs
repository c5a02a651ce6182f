namespace SynthStudio.Api;

/// <summary>Sizes that do not depend on the installation.</summary>
internal static class ApiLimits
{
    /// <summary>Greatest data of one streamed upload message.</summary>
    public const int WriteBytes = 4 << 20;

    /// <summary>Greatest gRPC message: upload data and what is around it.</summary>
    public const int MessageBytes = WriteBytes + (64 << 10);

    /// <summary>Greatest HTTP body of an upload chunk.</summary>
    public const int ChunkBytes = 16 << 20;

    /// <summary>Bytes of a message of a download.</summary>
    public const int DownloadBytes = 256 << 10;
}
