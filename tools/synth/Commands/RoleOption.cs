using System.CommandLine;
using SynthStudio.Cli.Outcome;
using SynthStudio.V1;

namespace SynthStudio.Cli.Commands;

/// <summary><c>--role</c>, of a member of a project.</summary>
internal sealed class RoleOption : Option<string>
{
    public RoleOption(string whose)
        : base("--role")
    {
        Description = $"{whose}: auditor, viewer, editor or owner.";
        HelpName = "ROLE";
        DefaultValueFactory = _ => "viewer";
    }

    /// <exception cref="BadInputException">It is no role.</exception>
    public ProjectRole Of(ServerCall call) => call.Parse.GetValue(this) switch
    {
        "auditor" => ProjectRole.Auditor,
        "viewer" => ProjectRole.Viewer,
        "editor" => ProjectRole.Editor,
        "owner" => ProjectRole.Owner,
        _ => throw new BadInputException("--role must be auditor, viewer, editor or owner."),
    };
}
