#pragma once
#include "memory/extract/formats.h"

namespace hearth::memory::extract {

// A channel as DiscordChatExporter writes it in JSON: {"guild", "channel", "messages": […]}
// (https://github.com/Tyrrrz/DiscordChatExporter).
bool is_discord(const Probe& probe);
Result<> read_discord(const Request& request, const Input& input, Sink& sink);

// What Discord itself gives a person of their own messages: messages/c<channel>/messages.json or messages.csv, with channel.json
// beside. https://support.discord.com/hc/articles/360004957991
bool is_discord_package(const Probe& probe);
Result<> read_discord_package(const Request& request, const Input& input, Sink& sink);

}  // namespace hearth::memory::extract
