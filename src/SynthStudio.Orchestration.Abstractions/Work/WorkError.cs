namespace SynthStudio.Orchestration;

/// <summary>Why a job failed. Holds no data values.</summary>
/// <param name="Class">Who can mend it.</param>
/// <param name="Reason">UPPER_SNAKE, for programs.</param>
/// <param name="Message">What is wrong and what to do.</param>
/// <param name="Subject">The column or option at fault; empty when there is none.</param>
/// <param name="Row">The row at fault, 1-based; 0 when there is none.</param>
[GenerateSerializer, Immutable, Alias("synthstudio.WorkError")]
public sealed record WorkError(
    [property: Id(0)] WorkErrorClass Class,
    [property: Id(1)] string Reason,
    [property: Id(2)] string Message,
    [property: Id(3)] string Subject = "",
    [property: Id(4)] long Row = 0)
{
    /// <summary>The object store does not answer.</summary>
    public const string StorageUnavailable = "STORAGE_UNAVAILABLE";

    /// <summary>There is no room where objects are kept.</summary>
    public const string StorageFull = "STORAGE_FULL";

    /// <summary>The object store answers, and does not do what it is asked.</summary>
    public const string StorageRefused = "STORAGE_REFUSED";
}

/// <summary>Who can mend a failure; decides whether a job is tried again.</summary>
[GenerateSerializer, Alias("synthstudio.WorkErrorClass")]
public enum WorkErrorClass
{
    /// <summary>The user: data, schema or options. Never retried.</summary>
    User,

    /// <summary>The machine: memory, disk, a lost worker. Retried with back-off.</summary>
    Resource,

    /// <summary>Us. Retried with back-off.</summary>
    Internal,
}
