/*
 * The configuration file: see settings.h.
 *
 * SPDX-License-Identifier: ISC
 */
#include "common/base/settings.h"

#include <errno.h>
#include <libconfig.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/paths.h"
#include "common/base/settings_value.h"

struct config {
	config_t file;
	char *path; /* NULL: no file, defaults only */
	char *folder;
};

static const char *const sections[] = { "account", "smarthost", "fetch", "filter", "deliver",
	"relay", NULL };
static const char *const secrets[] = { "password", "client-secret", "token", NULL };

void config_close(struct config *config)
{
	if (!config)
		return;
	config_destroy(&config->file);
	free(config->path);
	free(config->folder);
	free(config);
}

void config_close_at(struct config **config)
{
	config_close(*config);
	*config = NULL;
}

const char *config_path(const struct config *config)
{
	return config->path;
}

static bool in_list(const char *const *list, const char *name)
{
	for (; *list; list++) {
		if (strcmp(*list, name) == 0)
			return true;
	}
	return false;
}

/* Where it stands: our file, or one that @include names. */
static char *file_of(const struct config *config, const config_setting_t *one)
{
	const char *included = config_setting_source_file(one);

	return included ? setting_path(config->folder, included) : mem_text(config->path);
}

/* Can others read that? When in doubt they can. */
static bool is_open(const struct config *config, const config_setting_t *one)
{
	AUTO_FREE char *file = file_of(config, one);
	struct stat st;

	return !file || stat(file, &st) < 0 || (st.st_mode & 077) != 0;
}

/* Finds a secret that others can read anywhere below. Depth is bounded by the file's. */
static const config_setting_t *find_secret(const struct config *config,
	const config_setting_t *group)
{
	int count = config_setting_length(group);

	for (int i = 0; i < count; i++) {
		const config_setting_t *one = config_setting_get_elem(group, (unsigned)i);
		const config_setting_t *below = NULL;

		if (config_setting_name(one) && in_list(secrets, config_setting_name(one)) &&
			is_open(config, one))
			return one;
		if (config_setting_is_group(one))
			below = find_secret(config, one);
		if (below)
			return below;
	}
	return NULL;
}

__attribute__((format(printf, 4, 5)))
static int at_line(const struct config *config, const config_setting_t *setting,
	struct fault *why, const char *format, ...)
{
	AUTO_FREE char *file = file_of(config, setting);
	va_list args;

	va_start(args, format);
	fault_setv(why, FAULT_CONFIG, format, args);
	va_end(args);
	return fault_prefix(why, "%s:%u", file ? file : config->path,
		config_setting_source_line(setting));
}

static int check_file(const struct config *config, struct fault *why)
{
	const config_setting_t *top = config_root_setting(&config->file);
	const config_setting_t *secret = find_secret(config, top);
	int count = config_setting_length(top);

	if (secret)
		return at_line(config, secret, why,
			"%s in a file that others can read: chmod 600 it",
			config_setting_name(secret));
	for (int i = 0; i < count; i++) {
		const config_setting_t *one = config_setting_get_elem(top, (unsigned)i);

		if (!in_list(sections, config_setting_name(one)))
			return at_line(config, one, why, "unknown section \"%s\"",
				config_setting_name(one));
		if (!config_setting_is_group(one))
			return at_line(config, one, why, "\"%s\" must be a group { ... }",
				config_setting_name(one));
	}
	return 0;
}

/* The first default file that exists; NULL when there is none. */
static char *find_file(struct fault *why)
{
	AUTO_FREE char *folder = paths_config(why);
	char *path = folder ? paths_join(folder, "config") : NULL;

	if (path && access(path, F_OK) == 0)
		return path;
	free(path);
	return access("/etc/mailrail/config", F_OK) == 0 ? mem_text("/etc/mailrail/config") : NULL;
}

static char *folder_of(const char *path)
{
	const char *slash = path ? strrchr(path, '/') : NULL;

	if (!path)
		return paths_config(NULL);
	if (!slash)
		return mem_text(".");
	return slice_copy(slice_of(path, slash == path ? 1 : (size_t)(slash - path)));
}

static int read_file(struct config *config, struct fault *why)
{
	FILE *file = fopen(config->path, "re");
	int result = 0;

	config_set_include_dir(&config->file, config->folder);
	if (!file)
		return fault_set(why, FAULT_CONFIG, "open %s: %s", config->path, strerror(errno));
	if (!config_read(&config->file, file))
		result = fault_set(why, FAULT_CONFIG, "%s:%d: %s",
			config_error_file(&config->file) ? config_error_file(&config->file) :
				config->path, config_error_line(&config->file),
			config_error_text(&config->file));
	else
		result = check_file(config, why);
	fclose(file);
	return result;
}

int config_open(const char *path, struct config **out, struct fault *why)
{
	AUTO_CONFIG *config = mem_zero(1, sizeof(*config));

	config_init(&config->file);
	config->path = path ? mem_text(path) : find_file(why);
	config->folder = folder_of(config->path);
	if (config->path && read_file(config, why) < 0)
		return -1;
	*out = config;
	config = NULL;
	return 0;
}

static const config_setting_t *find_group(const struct config *config, const char *section,
	const char *name)
{
	const config_setting_t *group = config_lookup(&config->file, section);

	if (group && name)
		group = config_setting_get_member(group, name);
	return group;
}

int config_names(const struct config *config, const char *section, struct strings *out,
	struct fault *why)
{
	const config_setting_t *group = find_group(config, section, NULL);
	int count = group ? config_setting_length(group) : 0;

	for (int i = 0; i < count; i++) {
		const config_setting_t *one = config_setting_get_elem(group, (unsigned)i);

		if (!config_setting_is_group(one))
			return at_line(config, one, why, "\"%s\" must be a group { ... }",
				config_setting_name(one));
		strings_add(out, slice_text(config_setting_name(one)));
	}
	return 0;
}

void config_place(const struct config *config, const char *section, const char *name,
	struct buf *out)
{
	const config_setting_t *group = find_group(config, section, name);

	if (group)
		buf_addf(out, "%s:%u", config->path, config_setting_source_line(group));
	else
		buf_add_text(out, config->path ? config->path : "no configuration file");
}

bool config_sets(const struct config *config, const char *section, const char *name,
	const char *setting)
{
	const config_setting_t *group = find_group(config, section, name);

	return group && config_setting_get_member(group, setting) != NULL;
}

static bool store_list(const struct config *config, const struct setting *row,
	const config_setting_t *value, void *member)
{
	int count = config_setting_length(value);

	for (int i = 0; i < count; i++) {
		const char *text = config_setting_get_string_elem(value, i);

		if (!text || !setting_store(config->folder, row, text, member))
			return false;
	}
	return true;
}

static int store_value(const struct config *config, const struct setting *row,
	const config_setting_t *value, void *member, struct fault *why)
{
	bool fits = false;
	int type = config_setting_type(value);

	if (row->kind == SETTING_BOOL && type == CONFIG_TYPE_BOOL) {
		*(bool *)member = config_setting_get_bool(value) != 0;
		fits = true;
	} else if (row->kind == SETTING_NUMBER && type == CONFIG_TYPE_INT) {
		*(long *)member = config_setting_get_int(value);
		if (*(long *)member < row->low || *(long *)member > row->high)
			return at_line(config, value, why, "%s must lie between %ld and %ld",
				row->name, row->low, row->high);
		fits = true;
	} else if (row->kind == SETTING_LIST &&
		   (type == CONFIG_TYPE_ARRAY || type == CONFIG_TYPE_LIST)) {
		fits = store_list(config, row, value, member);
	} else if (type == CONFIG_TYPE_STRING) {
		fits = setting_store(config->folder, row, config_setting_get_string(value), member);
	}
	if (!fits)
		return at_line(config, value, why, "%s: expected %s", row->name,
			setting_expected(row));
	return 0;
}

int settings_read(const struct config *config, const char *section, const char *name,
	const struct setting *rows, size_t size, void *values, struct fault *why)
{
	const config_setting_t *group = find_group(config, section, name);
	int count = group ? config_setting_length(group) : 0;

	memset(values, 0, size);
	for (int i = 0; i < count; i++) {
		const config_setting_t *one = config_setting_get_elem(group, (unsigned)i);
		const struct setting *row = setting_row(rows, config_setting_name(one));

		if (!row)
			return at_line(config, one, why, "unknown setting \"%s\" in %s%s%s",
				config_setting_name(one), section, name ? "." : "",
				name ? name : "");
		if (row->name &&
			store_value(config, row, one, (char *)values + row->offset, why) < 0)
			return -1;
	}
	for (; rows->name; rows++) {
		if (group && config_setting_get_member(group, rows->name))
			continue;
		if (rows->required && group)
			return at_line(config, group, why, "%s%s%s has no %s", section,
				name ? "." : "", name ? name : "", rows->name);
		if (rows->required)
			return fault_set(why, FAULT_CONFIG, "%s: no section %s%s%s",
				config->path ? config->path : "no configuration file", section,
				name ? "." : "", name ? name : "");
		setting_default(config->folder, rows, (char *)values + rows->offset);
	}
	return 0;
}
