using System.CommandLine;
using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using SynthStudio.V1;

namespace SynthStudio.Cli.Commands;

/// <summary><c>synth invitations</c>: people come into projects by their mail address.</summary>
internal sealed class InvitationsCommand
{
    private readonly AnonymousCommand anonymous = new();
    private readonly ServerCommand server = new();
    private readonly Argument<string> address = new("ADDRESS") { Description = "The mail address." };
    private readonly Argument<string> invitation = new("INVITATION") { Description = "The invitation's id or name." };
    private readonly RoleOption role = new("What its reader will be");

    public Command Create() => new("invitations", "Invite people to a project by their mail address, and accept or decline an invitation.")
    {
        server.Create("send", "Send an invitation to the project; for owners.", [address, role], SendAsync),
        server.Create("list", "List the project's invitations that nobody took up; for owners.", [], ListAsync),
        server.Create("show", "Show an invitation as JSON; for owners.", [invitation], async call => Console.WriteLine(Names.Json(
            await call.Client.Invitations.GetInvitationAsync(new GetInvitationRequest { Name = Name(call) }, cancellationToken: call.Cancellation)))),
        server.Create("resend", "Send another mail; the one before is good for nothing any more. For owners.", [invitation], ResendAsync),
        server.Create("revoke", "Take an invitation back; for owners.", [invitation], RevokeAsync),
        server.Create("accept", "Become a member of the project whose mail brought a token, which it asks for.", [], AcceptAsync, usesProject: false),
        anonymous.Create("decline", "Say no to the invitation whose mail brought a token, which it asks for.", [], DeclineAsync),
    };

    private async Task SendAsync(ServerCall call)
    {
        var request = new CreateInvitationRequest
        {
            Parent = call.Client.Project, Invitation = new Invitation { Email = call.Parse.GetValue(address), Role = role.Of(call) },
        };
        Print(await call.Client.Invitations.CreateInvitationAsync(request, cancellationToken: call.Cancellation));
    }

    private static async Task ListAsync(ServerCall call)
    {
        var table = new TextTable("INVITATION", "ADDRESS", "ROLE", "STATE", "SENT BY", "SENT", "UNTIL");
        var entries = Pages.ReadAsync(
            token => call.Client.Invitations.ListInvitationsAsync(
                new ListInvitationsRequest { Parent = call.Client.Project, PageSize = Pages.Size, PageToken = token },
                cancellationToken: call.Cancellation),
            page => page.Invitations, page => page.NextPageToken);
        await foreach (var i in entries)
            table.Add(Names.Id(i.Name), i.Email, Names.Of(i.Role), Names.Of(i.State), i.Inviter, Time(i.SendTime), Time(i.ExpireTime));

        Console.WriteLine(table);

        static string Time(Timestamp time) => time.ToDateTimeOffset().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
    }

    private async Task ResendAsync(ServerCall call) =>
        Print(await call.Client.Invitations.ResendInvitationAsync(new ResendInvitationRequest { Name = Name(call) }, cancellationToken: call.Cancellation));

    private async Task RevokeAsync(ServerCall call) =>
        await call.Client.Invitations.DeleteInvitationAsync(new DeleteInvitationRequest { Name = Name(call) }, cancellationToken: call.Cancellation);

    private static async Task AcceptAsync(ServerCall call)
    {
        var member = await call.Client.Invitations.AcceptInvitationAsync(
            new AcceptInvitationRequest { Token = Secrets.Ask("token of the mail") }, cancellationToken: call.Cancellation);
        Console.WriteLine($"You are {Names.Of(member.Role)} of {member.Name[..member.Name.IndexOf("/members/", StringComparison.Ordinal)]}.");
    }

    private static async Task DeclineAsync(AnonymousCall call)
    {
        await call.Client.Invitations.DeclineInvitationAsync(new DeclineInvitationRequest { Token = Secrets.Ask("token of the mail") }, cancellationToken: call.Cancellation);
        Console.WriteLine("Declined.");
    }

    private static void Print(Invitation sent) => Console.WriteLine($"{sent.Name}: a mail is on its way, good until {sent.ExpireTime.ToDateTimeOffset():u}.");

    private string Name(ServerCall call) => call.Client.Resource("invitations", call.Parse.GetRequiredValue(invitation));
}
