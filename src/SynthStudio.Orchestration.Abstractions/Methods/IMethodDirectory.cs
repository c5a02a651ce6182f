namespace SynthStudio.Orchestration;

/// <summary>The methods that generators can use. Only the workers know them.</summary>
public interface IMethodDirectory
{
    /// <summary>The methods, the default first.</summary>
    /// <exception cref="MethodsUnknownException">There is no worker that could tell.</exception>
    ValueTask<IReadOnlyList<MethodDescription>> ListAsync(CancellationToken cancellation);
}
