using System.CommandLine;
using SynthStudio.V1;

namespace SynthStudio.Cli.Commands;

/// <summary><c>synth members</c>: who may do what in a project.</summary>
internal sealed class MembersCommand
{
    private readonly ServerCommand server = new();
    private readonly Argument<string> user = new("USER") { Description = "The user's or service account's id or name." };
    private readonly Option<bool> keepKeys = new("--keep-keys") { Description = "Leave the keys that they made of the project's service accounts good; without, those are revoked that may do more than they from then on, since they know them." };
    private readonly RoleOption role = new("What the user will be");

    public Command Create() => new("members", "List a project's members, and say who may do what. New people come by synth invitations.")
    {
        server.Create("list", "List the project's members.", [], ListAsync),
        server.Create("set", "Make a user a member, or give one another role; for owners.", [user, role, keepKeys], SetAsync),
        server.Create("remove", "End a membership; for owners, and for members who leave.", [user, keepKeys], RemoveAsync),
    };

    private static async Task ListAsync(ServerCall call)
    {
        var table = new TextTable("USER", "ROLE");
        var entries = Pages.ReadAsync(
            token => call.Client.Projects.ListProjectMembersAsync(
                new ListProjectMembersRequest { Parent = call.Client.Project, PageSize = Pages.Size, PageToken = token },
                cancellationToken: call.Cancellation),
            page => page.Members, page => page.NextPageToken);
        await foreach (var member in entries) table.Add(member.User, Names.Of(member.Role));

        Console.WriteLine(table);
    }

    private async Task SetAsync(ServerCall call)
    {
        var request = new SetProjectMemberRequest { Parent = call.Client.Project, Member = new ProjectMember { User = $"users/{Id(call)}", Role = role.Of(call) } };
        if (call.Parse.GetValue(keepKeys)) request.RevokeMadeKeys = false;
        var member = await call.Client.Projects.SetProjectMemberAsync(request, cancellationToken: call.Cancellation);
        UsersCommand.Tell(member.RevokedApiKeys);
        Console.WriteLine($"{member.User} is {Names.Of(member.Role)} of {call.Client.Project}.");
    }

    private async Task RemoveAsync(ServerCall call)
    {
        var request = new DeleteProjectMemberRequest { Name = $"{call.Client.Project}/members/{Id(call)}" };
        if (call.Parse.GetValue(keepKeys)) request.RevokeMadeKeys = false;
        var removed = await call.Client.Projects.DeleteProjectMemberAsync(request, cancellationToken: call.Cancellation);
        UsersCommand.Tell(removed.RevokedApiKeys);
    }

    private string Id(ServerCall call) => Names.Id(call.Parse.GetRequiredValue(user));
}
