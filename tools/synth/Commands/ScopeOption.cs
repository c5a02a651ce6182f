using System.CommandLine;
using SynthStudio.Cli.Outcome;
using SynthStudio.V1;

namespace SynthStudio.Cli.Commands;

/// <summary><c>--scope</c>, of an API key.</summary>
internal sealed class ScopeOption : Option<string>
{
    public ScopeOption()
        : base("--scope")
    {
        Description = "What the key is good for: read, write or admin, which is everything that its user may do.";
        HelpName = "SCOPE";
        DefaultValueFactory = _ => "read";
    }

    /// <exception cref="BadInputException">It is no scope.</exception>
    public Scope Of(ServerCall call) => call.Parse.GetValue(this) switch
    {
        "read" => Scope.Read,
        "write" => Scope.Write,
        "admin" => Scope.Admin,
        _ => throw new BadInputException("--scope must be read, write or admin."),
    };
}
