using System.CommandLine;
using SynthStudio.V1;

namespace SynthStudio.Cli.Commands;

/// <summary><c>synth users</c>: who there is on a server; for administrators.</summary>
internal sealed class UsersCommand
{
    private readonly ServerCommand server = new();
    private readonly Argument<string> user = new("USER") { Description = "The user's id or name." };
    private readonly Option<string> displayName = new("--display-name") { Description = "For people.", HelpName = "TEXT", DefaultValueFactory = _ => "" };
    private readonly Option<bool> admin = new("--admin") { Description = "An administrator." };
    private readonly Option<bool> orphan = new("--orphan-projects") { Description = "Also where projects are left without an owner; without, they are named and nothing is done." };
    private readonly Option<bool> keepKeys = new("--keep-keys") { Description = "Leave the keys of service accounts and other users that they made good; without, those are revoked, since they know them." };

    public Command Create() => new("users", "List, make and lock out the users of a server; for administrators. People who sign in by password come by synth account.")
    {
        server.Create("list", "List the users.", [], ListAsync, usesProject: false),
        server.Create("create", "Make a user, who needs a key (synth keys create --user) to sign in.", [user, displayName, admin], CreateAsync, usesProject: false),
        server.Create("show", "Show a user as JSON; everybody may see themselves.", [user], async call => Console.WriteLine(Names.Json(
            await call.Client.Identity.GetUserAsync(new GetUserRequest { Name = NameOf(call) }, cancellationToken: call.Cancellation))), usesProject: false),
        server.Create("disable", "Lock a user out and revoke all their keys, and those of service accounts and other users that they made.", [user, orphan, keepKeys], DisableAsync, usesProject: false),
    };

    private static async Task ListAsync(ServerCall call)
    {
        var table = new TextTable("USER", "ROLE", "STATE", "SINCE", "NAME");
        var entries = Pages.ReadAsync(
            token => call.Client.Identity.ListUsersAsync(
                new ListUsersRequest { PageSize = Pages.Size, PageToken = token },
                cancellationToken: call.Cancellation),
            page => page.Users, page => page.NextPageToken);
        await foreach (var u in entries)
            table.Add(u.Name, Names.Of(u.Role), u.Disabled ? "locked out" : "", $"{u.CreateTime.ToDateTimeOffset():u}", u.DisplayName);
        Console.WriteLine(table);
    }

    private async Task CreateAsync(ServerCall call)
    {
        var request = new CreateUserRequest
        {
            UserId = Names.Id(call.Parse.GetRequiredValue(user)),
            User = new User { DisplayName = call.Parse.GetValue(displayName), Role = call.Parse.GetValue(admin) ? UserRole.Admin : UserRole.User },
        };
        Console.WriteLine((await call.Client.Identity.CreateUserAsync(request, cancellationToken: call.Cancellation)).Name);
    }

    /// <summary>Says which keys of others went with somebody.</summary>
    internal static void Tell(IEnumerable<string> revoked)
    {
        foreach (var key in revoked) Console.WriteLine($"Revoked: {key}, which they made. What used it needs a new one.");
    }

    private async Task DisableAsync(ServerCall call)
    {
        var request = new DeleteUserRequest { Name = NameOf(call), OrphanProjects = call.Parse.GetValue(orphan) };
        if (call.Parse.GetValue(keepKeys)) request.RevokeMadeKeys = false;
        Tell((await call.Client.Identity.DeleteUserAsync(request, cancellationToken: call.Cancellation)).RevokedApiKeys);
    }

    private string NameOf(ServerCall call) => $"users/{Names.Id(call.Parse.GetRequiredValue(user))}";
}
