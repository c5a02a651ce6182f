using Google.Rpc;
using SynthStudio.Api.Errors;

namespace SynthStudio.Api.Services;

/// <summary>Generators of methods that read no data, but make their rows of a declaration among their options.</summary>
internal sealed class DeclaredGenerators(IMethodDirectory methods, IDeclaredTables tables)
{
    private const string NoData = "no_data", Declaration = "declaration", Field = $"generator.options[\"{Declaration}\"]";

    /// <summary>Characters of a declaration: it is part of what every list of generators answers.</summary>
    private const int LongestDeclaration = 64 << 10;

    /// <summary>Whether generators of a method have no data set. Of an unknown method, and of none, they have.</summary>
    /// <exception cref="MethodsUnknownException">No worker can tell which methods there are.</exception>
    public async ValueTask<bool> IsOneAsync(string method, CancellationToken cancellation) =>
        method.Length > 0 && (await methods.ListAsync(cancellation)).Any(m => m.Name == method && m.Capabilities.Contains(NoData));

    /// <summary>Refuses options of such a method that declare no table whose rows can be made.</summary>
    /// <exception cref="RpcException">INVALID_ARGUMENT: the declaration is missing, too long, or wrong.</exception>
    /// <exception cref="MethodsUnknownException">No worker can tell.</exception>
    public async Task CheckAsync(IReadOnlyDictionary<string, string> options, CancellationToken cancellation)
    {
        if (options.GetValueOrDefault(Declaration) is not { Length: > 0 } declaration) throw ApiErrors.InvalidField(Field, "is needed: the columns of the table to make, as JSON.");
        if (declaration.Length > LongestDeclaration) throw ApiErrors.InvalidField(Field, $"has {declaration.Length} characters; at most {LongestDeclaration} are allowed.");
        if ((await tables.MakeAsync(declaration, rows: 1, cancellation)).Fault is not { } fault) return;
        throw ApiErrors.InvalidFields(
            fault.Reason, [("column", fault.Subject)], [new BadRequest.Types.FieldViolation { Field = Field, Description = fault.Message }]);
    }
}
