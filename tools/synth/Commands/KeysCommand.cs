using System.CommandLine;
using Google.Protobuf.WellKnownTypes;
using SynthStudio.V1;

namespace SynthStudio.Cli.Commands;

/// <summary><c>synth keys</c>: API keys of a user. Those of service accounts are their commands'.</summary>
internal sealed class KeysCommand
{
    private readonly AnonymousCommand anonymous = new();
    private readonly ServerCommand server = new();
    private readonly Argument<string> key = new("KEY") { Description = "The key's id." };
    private readonly Option<string?> user = new("--user") { Description = "Whose, for administrators; without, one's own.", HelpName = "USER" };
    private readonly Option<string> displayName = new("--display-name") { Description = "For people.", HelpName = "TEXT", DefaultValueFactory = _ => "" };
    private readonly ScopeOption scope = new();
    private readonly Option<DateTimeOffset?> expires = new("--expires") { Description = "When the key stops to work; without, never.", HelpName = "TIME" };

    public Command Create() => new("keys", "List, make and revoke API keys of a user, and exchange one for a token.")
    {
        server.Create("list", "List the keys.", [user], ListAsync, usesProject: false),
        server.Create("create", "Create a key; it is printed once. Asks for your password, and a code of the second factor, where your account has them.", [user, displayName, scope, expires], CreateAsync, usesProject: false),
        server.Create("revoke", "Revoke a key.", [key, user], RevokeAsync, usesProject: false),
        anonymous.Create("token", "Print a token that can do for ten minutes what an API key can, which it asks for: for programs that shall not have the key.", [], TokenAsync),
    };

    private async Task ListAsync(ServerCall call)
    {
        var whose = await UserAsync(call);
        var table = new TextTable("KEY", "NAME", "SCOPE", "LAST USE", "STATE", "MADE BY");
        var entries = Pages.ReadAsync(
            token => call.Client.Identity.ListApiKeysAsync(
                new ListApiKeysRequest { Parent = whose, PageSize = Pages.Size, PageToken = token },
                cancellationToken: call.Cancellation),
            page => page.ApiKeys, page => page.NextPageToken);
        await foreach (var k in entries) AddTo(table, k);
        Console.WriteLine(table);
    }

    /// <summary>A line of a table of keys.</summary>
    public static void AddTo(TextTable table, ApiKey key)
    {
        var state = key.RevokeTime is not null ? "revoked" : key.ExpireTime is { } end ? $"until {end.ToDateTimeOffset():u}" : "";
        table.Add(Names.Id(key.Name), key.DisplayName, Names.Of(key.Scope), key.LastUseTime is { } last ? $"{last.ToDateTimeOffset():u}" : "never", state, key.Maker);
    }

    private async Task CreateAsync(ServerCall call)
    {
        var myself = (await call.Client.Identity.WhoAmIAsync(new WhoAmIRequest(), cancellationToken: call.Cancellation)).User.Name;
        var account = await call.Client.Accounts.GetAccountAsync(new GetAccountRequest { Name = $"{myself}/account" }, cancellationToken: call.Cancellation);
        var request = new CreateApiKeyRequest
        {
            Parent = await UserAsync(call),
            Password = account.HasPassword ? Secrets.Ask("password") : "",
            SecondFactor = account.HasSecondFactor ? Secrets.Ask("code of the second factor") : "",
            ApiKey = new ApiKey
            {
                DisplayName = call.Parse.GetValue(displayName), Scope = scope.Of(call),
                ExpireTime = call.Parse.GetValue(expires) is { } time ? Timestamp.FromDateTimeOffset(time) : null,
            },
        };
        Console.WriteLine((await call.Client.Identity.CreateApiKeyAsync(request, cancellationToken: call.Cancellation)).Secret);
    }

    private async Task RevokeAsync(ServerCall call) => await call.Client.Identity.RevokeApiKeyAsync(
        new RevokeApiKeyRequest { Name = $"{await UserAsync(call)}/apiKeys/{Names.Id(call.Parse.GetRequiredValue(key))}" }, cancellationToken: call.Cancellation);

    private static async Task TokenAsync(AnonymousCall call) => Console.WriteLine(
        (await call.Client.Identity.CreateTokenAsync(new CreateTokenRequest { ApiKey = Secrets.Ask("API key") }, cancellationToken: call.Cancellation)).AccessToken);

    private async Task<string> UserAsync(ServerCall call) => call.Parse.GetValue(user) is { Length: > 0 } named
        ? $"users/{Names.Id(named)}"
        : (await call.Client.Identity.WhoAmIAsync(new WhoAmIRequest(), cancellationToken: call.Cancellation)).User.Name;
}
