using SynthStudio.Api.Errors;

namespace SynthStudio.Api.Services;

/// <summary>
/// Keeps methods that give back the rows they learned out of servers whose operator did not ask for them: a data policy says who sees real rows, and
/// synthetic ones are shown to every member.
/// </summary>
internal sealed class CopyingMethods(IMethodDirectory methods, ApiOptions options)
{
    private const string CopiesRows = "copies_rows";

    /// <summary>Whether generators may be of a method here.</summary>
    public bool Allows(MethodDescription method) => options.Features.CopyingMethods || !method.Capabilities.Contains(CopiesRows);

    /// <summary>Refuses a generator of a method that copies rows.</summary>
    /// <param name="method">The method's name.</param>
    /// <param name="subject">What is to be made, trained or drawn from.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="RpcException">FAILED_PRECONDITION: it copies rows.</exception>
    /// <exception cref="MethodsUnknownException">No worker can tell whether it does.</exception>
    public async ValueTask RefuseAsync(string method, string subject, CancellationToken cancellation)
    {
        if (options.Features.CopyingMethods || (await methods.ListAsync(cancellation)).Where(m => m.Name == method).All(Allows)) return;
        throw ApiErrors.Precondition(
            ErrorReasons.MethodCopiesRows, subject,
            $"The method {method} gives back real rows as they are, which the data policies of projects do not cover. Take another method; the setting SynthStudio:Api:Features:CopyingMethods of the server allows it.");
    }
}
