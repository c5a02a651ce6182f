using System.CommandLine;
using Google.Protobuf.WellKnownTypes;
using SynthStudio.Cli.Outcome;
using SynthStudio.V1;

namespace SynthStudio.Cli.Commands;

/// <summary><c>synth service-accounts</c>: programs that work in a project.</summary>
internal sealed class ServiceAccountsCommand
{
    private readonly ServerCommand server = new();
    private readonly Argument<string> account = new("ACCOUNT") { Description = "The service account's id or name." };
    private readonly Argument<string> key = new("KEY") { Description = "The key's id." };
    private readonly Option<string> displayName = new("--display-name") { Description = "For people.", HelpName = "TEXT", DefaultValueFactory = _ => "" };
    private readonly Option<bool> editor = new("--editor") { Description = "It may change things; without, it only reads." };
    private readonly Option<bool> auditor = new("--auditor") { Description = "It reads how the project is run, audit trail and evidence among it, and no data." };
    private readonly Option<bool> readOnly = new("--read") { Description = "The key is good for reading only." };
    private readonly Option<DateTimeOffset?> expires = new("--expires") { Description = "When the key stops to work; without, never.", HelpName = "TIME" };

    public Command Create() => new("service-accounts", "Programs that work in a project, and their API keys; for owners.")
    {
        server.Create("create", "Create a service account.", [account, displayName, editor, auditor], CreateAsync),
        server.Create("list", "List service accounts.", [], ListAsync),
        server.Create("delete", "Take a service account away, with all its keys.", [account], DeleteAsync),
        server.Create("create-key", "Create an API key; it is printed once.", [account, displayName, readOnly, expires], CreateKeyAsync),
        server.Create("keys", "List its API keys.", [account], KeysAsync),
        server.Create("revoke-key", "Revoke an API key.", [account, key], RevokeKeyAsync),
    };

    private async Task CreateAsync(ServerCall call)
    {
        var (edits, audits) = (call.Parse.GetValue(editor), call.Parse.GetValue(auditor));
        if (edits && audits) throw new BadInputException("--editor excludes --auditor.");
        var made = await call.Client.ServiceAccounts.CreateServiceAccountAsync(
            new CreateServiceAccountRequest
            {
                Parent = call.Client.Project, ServiceAccountId = Names.Id(call.Parse.GetValue(account)!),
                ServiceAccount = new ServiceAccount
                {
                    DisplayName = call.Parse.GetValue(displayName),
                    Role = edits ? ProjectRole.Editor : audits ? ProjectRole.Auditor : ProjectRole.Viewer,
                },
            },
            cancellationToken: call.Cancellation);
        Console.WriteLine($"{made.Name} ({made.User}, {Names.Of(made.Role)})");
    }

    private static async Task ListAsync(ServerCall call)
    {
        var table = new TextTable("ACCOUNT", "NAME", "ROLE", "USER", "MADE BY");
        var entries = Pages.ReadAsync(
            token => call.Client.ServiceAccounts.ListServiceAccountsAsync(
                new ListServiceAccountsRequest { Parent = call.Client.Project, PageSize = Pages.Size, PageToken = token },
                cancellationToken: call.Cancellation),
            page => page.ServiceAccounts, page => page.NextPageToken);
        await foreach (var a in entries)
        {
            table.Add(Names.Id(a.Name), a.DisplayName, Names.Of(a.Role), a.User, a.Creator);
        }

        Console.WriteLine(table);
    }

    private async Task DeleteAsync(ServerCall call) =>
        await call.Client.ServiceAccounts.DeleteServiceAccountAsync(
            new DeleteServiceAccountRequest { Name = Account(call) }, cancellationToken: call.Cancellation);

    private async Task CreateKeyAsync(ServerCall call)
    {
        var made = await call.Client.ServiceAccounts.CreateServiceAccountKeyAsync(
            new CreateServiceAccountKeyRequest
            {
                Parent = Account(call),
                ApiKey = new ApiKey
                {
                    DisplayName = call.Parse.GetValue(displayName), Scope = call.Parse.GetValue(readOnly) ? Scope.Read : Scope.Write,
                    ExpireTime = call.Parse.GetValue(expires) is { } time ? Timestamp.FromDateTimeOffset(time) : null,
                },
            },
            cancellationToken: call.Cancellation);
        Console.WriteLine(made.Secret);
    }

    private async Task KeysAsync(ServerCall call)
    {
        var table = new TextTable("KEY", "NAME", "SCOPE", "LAST USE", "STATE", "MADE BY");
        var entries = Pages.ReadAsync(
            token => call.Client.ServiceAccounts.ListServiceAccountKeysAsync(
                new ListServiceAccountKeysRequest { Parent = Account(call), PageSize = Pages.Size, PageToken = token },
                cancellationToken: call.Cancellation),
            page => page.ApiKeys, page => page.NextPageToken);
        await foreach (var k in entries) KeysCommand.AddTo(table, k);
        Console.WriteLine(table);
    }

    private async Task RevokeKeyAsync(ServerCall call) => await call.Client.ServiceAccounts.RevokeServiceAccountKeyAsync(
        new RevokeServiceAccountKeyRequest { Name = Account(call), KeyId = call.Parse.GetValue(key) }, cancellationToken: call.Cancellation);

    private string Account(ServerCall call) => call.Client.Resource("serviceAccounts", call.Parse.GetValue(account) ?? throw new BadInputException("ACCOUNT is missing."));
}
