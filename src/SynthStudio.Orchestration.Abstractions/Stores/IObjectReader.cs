namespace SynthStudio.Orchestration;

/// <summary>Reads small stored objects whole.</summary>
public interface IObjectReader
{
    /// <summary>The object's text, in UTF-8, checked against its SHA-256.</summary>
    Task<string> ReadTextAsync(ObjectRef reference, CancellationToken cancellation);
}
