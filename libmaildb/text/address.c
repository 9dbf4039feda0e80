/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * address.c - what is an address, and its one canonical spelling
 *
 * Pure: no handle, no locale, and no memory is taken as long as a domain is
 * ASCII without xn-- labels.  Owns every rule on the text of addresses and
 * domain names.  Leaves to others whether a domain is ours, and what an
 * address of some class may be used for.
 *
 * libidn2 only ever sees one label at a time, and one that is not ASCII: other
 * input it repairs silently (a_b.example becomes ab.example) where this module
 * has to refuse.
 */
#include <idn2.h>
#include <string.h>

#include "text/text.h"

#define INPUT_MAX 1000 /* octets looked at; all that is valid is shorter */
#define LABEL_MAX 63   /* octets of an A-label, RFC 1035 */

/*
 * The kind of every ASCII octet, as a letter; K() makes a set member of it:
 *   l  letter or digit             h  hyphen
 *   m  mailboxes besides l and h   a  aliases besides those
 *   d  destinations besides those  r  source routes of old
 *   x  special in RFC 5322         s  space         c  control character
 */
static const char kinds[] =
	"cccccccccccccccc"
	"cccccccccccccccc"
	"srxddraaxxdaxhmd"  /*  !"#$%&'()*+,-./ */
	"llllllllllxxxaxd"  /* 0123456789:;<=>? */
	"xlllllllllllllll"  /* @ABCDEFGHIJKLMNO */
	"lllllllllllxxxdm"  /* PQRSTUVWXYZ[\]^_ */
	"dlllllllllllllll"  /* `abcdefghijklmno */
	"lllllllllllddda" "c"; /* pqrstuvwxyz{|}~ */

#define K(letter) (1u << ((letter) & 31))
#define NON_ASCII K('u')

/*
 * What no address may hold beyond ASCII, in order: characters that cannot be
 * seen or that change what is seen (Unicode's Cc, Cf, Zl, Zp and
 * Default_Ignorable_Code_Point), noncharacters (two more in every plane are
 * found by their number), and spaces (Zs).
 */
static const struct range {
	int32_t first, last;
	enum maildb_reason reason;
} unwanted[] = {
	{ 0x0080, 0x009f, MAILDB_REASON_CONTROL },   /* C1 */
	{ 0x00a0, 0x00a0, MAILDB_REASON_SPACE },     /* no-break space */
	{ 0x00ad, 0x00ad, MAILDB_REASON_CONTROL },   /* soft hyphen */
	{ 0x034f, 0x034f, MAILDB_REASON_CONTROL },   /* grapheme joiner */
	{ 0x0600, 0x0605, MAILDB_REASON_CONTROL },   /* Arabic number signs */
	{ 0x061c, 0x061c, MAILDB_REASON_CONTROL },   /* Arabic letter mark */
	{ 0x06dd, 0x06dd, MAILDB_REASON_CONTROL },   /* end of ayah */
	{ 0x070f, 0x070f, MAILDB_REASON_CONTROL },   /* Syriac abbreviation */
	{ 0x0890, 0x0891, MAILDB_REASON_CONTROL },   /* Arabic currency marks */
	{ 0x08e2, 0x08e2, MAILDB_REASON_CONTROL },   /* disputed end of ayah */
	{ 0x115f, 0x1160, MAILDB_REASON_CONTROL },   /* Hangul fillers */
	{ 0x1680, 0x1680, MAILDB_REASON_SPACE },     /* Ogham space */
	{ 0x17b4, 0x17b5, MAILDB_REASON_CONTROL },   /* Khmer inherent vowels */
	{ 0x180b, 0x180f, MAILDB_REASON_CONTROL },   /* Mongolian selectors */
	{ 0x2000, 0x200a, MAILDB_REASON_SPACE },     /* en quad ... hair space */
	{ 0x200b, 0x200f, MAILDB_REASON_CONTROL },   /* zero width, LRM, RLM */
	{ 0x2028, 0x202e, MAILDB_REASON_CONTROL },   /* line ends, embeddings */
	{ 0x202f, 0x202f, MAILDB_REASON_SPACE },     /* narrow no-break space */
	{ 0x205f, 0x205f, MAILDB_REASON_SPACE },     /* mathematical space */
	{ 0x2060, 0x206f, MAILDB_REASON_CONTROL },   /* word joiner, isolates */
	{ 0x3000, 0x3000, MAILDB_REASON_SPACE },     /* ideographic space */
	{ 0x3164, 0x3164, MAILDB_REASON_CONTROL },   /* Hangul filler */
	{ 0xfdd0, 0xfdef, MAILDB_REASON_CONTROL },   /* noncharacters */
	{ 0xfe00, 0xfe0f, MAILDB_REASON_CONTROL },   /* variation selectors */
	{ 0xfeff, 0xfeff, MAILDB_REASON_CONTROL },   /* byte order mark */
	{ 0xffa0, 0xffa0, MAILDB_REASON_CONTROL },   /* halfwidth filler */
	{ 0xfff0, 0xfffb, MAILDB_REASON_CONTROL },   /* annotations */
	{ 0x110bd, 0x110bd, MAILDB_REASON_CONTROL }, /* Kaithi number signs */
	{ 0x110cd, 0x110cd, MAILDB_REASON_CONTROL },
	{ 0x13430, 0x1343f, MAILDB_REASON_CONTROL }, /* hieroglyph joiners */
	{ 0x1bca0, 0x1bca3, MAILDB_REASON_CONTROL }, /* shorthand controls */
	{ 0x1d173, 0x1d17a, MAILDB_REASON_CONTROL }, /* musical beams, slurs */
	{ 0xe0000, 0xe0fff, MAILDB_REASON_CONTROL }, /* tags, selectors */
};

static const struct {
	const char *name;
	const char *sentence;
} reasons[] = {
	[MAILDB_REASON_NONE] = { "ok", "nothing is wrong with it" },
#define REASON_ROW(symbol, reason_name, reason_sentence) \
	[MAILDB_REASON_##symbol] = { reason_name, reason_sentence },
	MAILDB_REASONS(REASON_ROW)
#undef REASON_ROW
};

/* A label of a domain in both its forms. */
struct label {
	char ascii[LABEL_MAX + 1];
	char unicode[4 * LABEL_MAX + 1];
};

/* The stable name of a reason. */
const char *
maildb_reason_name(enum maildb_reason reason)
{
	return reasons[reason].name;
}

/* A sentence on what is wrong, for after "bad address 'x': ". */
const char *
maildb_reason_sentence(enum maildb_reason reason)
{
	return reasons[reason].sentence;
}

/* An ASCII capital letter made small, any other octet as it is. */
static char
fold(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

/* The set of kinds of octets in the text. */
static unsigned
kinds_in(const char *text, size_t len)
{
	unsigned seen = 0;

	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		seen |= c < 0x80 ? K(kinds[c]) : NON_ASCII;
	}
	return seen;
}

/* The code point at *text, which is moved past it; -1 if it is no UTF-8. */
static int32_t
next_point(const char **text, const char *end)
{
	static const int32_t least[] = { 0, 0x80, 0x800, 0x10000 };
	unsigned char lead = (unsigned char)*(*text)++;
	int more = lead < 0x80 ? 0 : lead < 0xc0 ? -1 : lead < 0xe0 ? 1 :
	    lead < 0xf0 ? 2 : lead < 0xf8 ? 3 : -1;
	int32_t point;

	if (more <= 0)
		return more == 0 ? lead : -1;
	point = lead & (0x3f >> more);
	for (int i = 0; i < more; i++) {
		if (*text == end || (**text & 0xc0) != 0x80)
			return -1;
		point = point << 6 | (*(*text)++ & 0x3f);
	}
	if (point < least[more] || point > 0x10ffff ||
	    (point >= 0xd800 && point <= 0xdfff))
		return -1;
	return point;
}

/* What is wrong with a character, wherever it stands. */
static enum maildb_reason
check_point(int32_t point)
{
	if ((point & 0xfffe) == 0xfffe)
		return MAILDB_REASON_CONTROL;
	for (size_t i = 0; i < ARRAY_LEN(unwanted); i++) {
		if (point < unwanted[i].first)
			break;
		if (point <= unwanted[i].last)
			return unwanted[i].reason;
	}
	return MAILDB_REASON_NONE;
}

/* What is wrong with the characters of a text, whatever it means. */
static enum maildb_reason
check_text(const char *text, size_t len)
{
	const char *end = text + len;
	unsigned seen = kinds_in(text, len);
	enum maildb_reason found =
	    seen & K('s') ? MAILDB_REASON_SPACE : MAILDB_REASON_NONE;

	if (seen & K('c'))
		return MAILDB_REASON_CONTROL;
	if (!(seen & NON_ASCII))
		return found;
	while (text < end) {
		int32_t point = next_point(&text, end);
		enum maildb_reason reason;

		if (point < 0)
			return MAILDB_REASON_BAD_UTF8;
		reason = check_point(point);
		if (reason == MAILDB_REASON_CONTROL ||
		    found == MAILDB_REASON_NONE)
			found = reason;
	}
	return found;
}

/*
 * Whether text is in normalization form C.  Of everything that libidn2 looks
 * at in a U-label, this comes first.  A hyphen never composes with anything,
 * so it stands in for the dots, which would end the label.
 */
static bool
is_nfc(const char *text, size_t len)
{
	uint8_t label[MAILDB_LOCAL_MAX + 1] = "";
	uint8_t *ascii = NULL;
	int error;

	for (size_t i = 0; i < len; i++)
		label[i] = text[i] == '.' ? '-' : (uint8_t)text[i];
	error = idn2_lookup_u8(label, &ascii, IDN2_NO_TR46);
	idn2_free(ascii);
	return error != IDN2_NOT_NFC && error != IDN2_MALLOC;
}

/* Whether a label, which is not empty, begins or ends with a hyphen. */
static bool
has_edge_hyphen(const char *text, size_t len)
{
	return text[0] == '-' || text[len - 1] == '-';
}

/* Makes an A-label of a U-label; flags are libidn2's. */
static enum maildb_reason
encode_label(const char *unicode, int flags, char ascii[LABEL_MAX + 1])
{
	uint8_t *found = NULL;
	enum maildb_reason reason = MAILDB_REASON_IDNA;

	switch (idn2_lookup_u8((const uint8_t *)unicode, &found,
	    flags | IDN2_NO_TR46)) {
	case IDN2_OK:
		if (strlen((char *)found) > LABEL_MAX)
			break;
		strcpy(ascii, (char *)found);
		reason = MAILDB_REASON_NONE;
		break;
	case IDN2_TOO_BIG_LABEL:
	case IDN2_TOO_BIG_DOMAIN:
	case IDN2_PUNYCODE_BIG_OUTPUT:
		reason = MAILDB_REASON_LABEL_TOO_LONG;
		break;
	}
	idn2_free(found);
	return reason;
}

/*
 * Fills in the U-label of an A-label.  Decoding accepts nearly everything:
 * only what encodes to the same A-label again is one, and hyphens at the ends
 * go unnoticed both ways.
 */
static enum maildb_reason
decode_label(struct label *label)
{
	char again[LABEL_MAX + 1];
	char *found = NULL;
	enum maildb_reason reason = MAILDB_REASON_IDNA;

	if (idn2_to_unicode_8z8z(label->ascii, &found, IDN2_NO_TR46) == IDN2_OK &&
	    strlen(found) < sizeof(label->unicode) &&
	    !has_edge_hyphen(found, strlen(found)) &&
	    encode_label(found, 0, again) == MAILDB_REASON_NONE &&
	    strcmp(again, label->ascii) == 0) {
		strcpy(label->unicode, found);
		reason = MAILDB_REASON_NONE;
	}
	idn2_free(found);
	return reason;
}

/* Reads one label of a domain. */
static enum maildb_reason
parse_label(const char *text, size_t len, struct label *label)
{
	char folded[INPUT_MAX + 1];
	unsigned seen = kinds_in(text, len);
	enum maildb_reason reason;

	if (len == 0)
		return MAILDB_REASON_EMPTY_LABEL;
	if (seen & ~(K('l') | K('h') | NON_ASCII))
		return MAILDB_REASON_BAD_DOMAIN_CHAR;
	if (has_edge_hyphen(text, len))
		return MAILDB_REASON_LABEL_HYPHEN;
	if (!(seen & NON_ASCII) && len > LABEL_MAX)
		return MAILDB_REASON_LABEL_TOO_LONG;

	for (size_t i = 0; i < len; i++)
		folded[i] = fold(text[i]);
	folded[len] = '\0';
	if (seen & NON_ASCII) {
		reason = encode_label(folded, IDN2_NFC_INPUT, label->ascii);
		if (reason != MAILDB_REASON_NONE)
			return reason;
	} else {
		memcpy(label->ascii, folded, len + 1);
	}
	if (strncmp(label->ascii, "xn--", 4) == 0)
		return decode_label(label);
	strcpy(label->unicode, label->ascii);
	return MAILDB_REASON_NONE;
}

/* Reads a domain whose characters are checked; uname may be NULL. */
static enum maildb_reason
parse_domain(const char *text, size_t len, char *name, char *uname)
{
	const char *end = text + len;
	const char *dot = NULL;
	char *stop = name + MAILDB_DOMAIN_MAX;
	struct label label;
	size_t labels = 0;

	if (text[0] == '[')
		return MAILDB_REASON_LITERAL;
	if (end[-1] == '.')
		return MAILDB_REASON_TRAILING_DOT;
	for (; dot != end; text = dot + 1) {
		enum maildb_reason reason;

		dot = memchr(text, '.', (size_t)(end - text));
		if (dot == NULL)
			dot = end;
		reason = parse_label(text, (size_t)(dot - text), &label);
		if (reason != MAILDB_REASON_NONE)
			return reason;
		if (strlen(label.ascii) + (labels > 0) > (size_t)(stop - name))
			return MAILDB_REASON_DOMAIN_TOO_LONG;
		if (labels++ > 0) {
			*name++ = '.';
			if (uname != NULL)
				*uname++ = '.';
		}
		/* A U-label has at most four octets for each of the A-label,
		 * so that uname cannot overflow before name does. */
		name = stpcpy(name, label.ascii);
		if (uname != NULL)
			uname = stpcpy(uname, label.unicode);
	}
	if (labels == 1)
		return MAILDB_REASON_SINGLE_LABEL;
	if (label.ascii[strspn(label.ascii, "0123456789")] == '\0')
		return MAILDB_REASON_NUMERIC_TLD;
	return MAILDB_REASON_NONE;
}

/* Reads a local part whose characters are checked. */
static enum maildb_reason
parse_local(const char *text, size_t len, unsigned flags,
    struct maildb_address *out)
{
	unsigned seen = kinds_in(text, len);

	if (seen & K('x'))
		return MAILDB_REASON_BAD_CHAR;
	if ((seen & NON_ASCII) && !(flags & MAILDB_PARSE_UTF8))
		return MAILDB_REASON_NON_ASCII_LOCAL;
	if (len > MAILDB_LOCAL_MAX)
		return MAILDB_REASON_LOCAL_TOO_LONG;
	if ((seen & NON_ASCII) && !is_nfc(text, len))
		return MAILDB_REASON_NOT_NFC;

	out->klass = seen & (K('d') | NON_ASCII) ? MAILDB_DEST :
	    seen & K('a') ? MAILDB_ALIAS : MAILDB_MAILBOX;
	for (size_t i = 0; i < len; i++)
		out->local[i] = out->klass == MAILDB_DEST ||
		    (flags & MAILDB_PARSE_CASE) ? text[i] : fold(text[i]);
	if (text[0] == '.' || text[len - 1] == '.' ||
	    strstr(out->local, "..") != NULL)
		return MAILDB_REASON_DOT;
	if (text[0] == '-')
		return MAILDB_REASON_LEADING_DASH;
	if (seen & K('r'))
		return MAILDB_REASON_ROUTING;
	if (text[0] == '|' || text[0] == '/')
		return MAILDB_REASON_BAD_CHAR;
	return MAILDB_REASON_NONE;
}

/* Reads an address into *out, which is all zeros. */
static enum maildb_reason
parse_address(const char *text, size_t len, unsigned flags,
    struct maildb_address *out)
{
	const char *at, *domain, *end;
	enum maildb_reason reason;

	if (len == 0)
		return MAILDB_REASON_EMPTY;
	if (len > INPUT_MAX)
		return MAILDB_REASON_ADDR_TOO_LONG;
	reason = check_text(text, len);
	if (reason != MAILDB_REASON_NONE)
		return reason;
	if (text[0] == '"')
		return MAILDB_REASON_QUOTED;

	end = text + len;
	at = memchr(text, '@', len);
	if (at == NULL)
		return MAILDB_REASON_NO_AT;
	domain = at + 1;
	if (memchr(domain, '@', (size_t)(end - domain)) != NULL)
		return MAILDB_REASON_MULTIPLE_AT;
	if (at == text && !(flags & MAILDB_PARSE_CATCHALL))
		return MAILDB_REASON_EMPTY_LOCAL;
	if (domain == end)
		return MAILDB_REASON_EMPTY_DOMAIN;

	if (at == text)
		out->klass = MAILDB_CATCHALL;
	else
		reason = parse_local(text, (size_t)(at - text), flags, out);
	if (reason != MAILDB_REASON_NONE)
		return reason;

	if ((flags & MAILDB_PARSE_WILDCARD) && end - domain == 1 &&
	    *domain == '*') {
		if (out->klass == MAILDB_CATCHALL)
			return MAILDB_REASON_SINGLE_LABEL;
		if (out->klass == MAILDB_DEST)
			return MAILDB_REASON_BAD_CHAR;
		strcpy(out->domain, "*");
	} else {
		reason = parse_domain(domain, (size_t)(end - domain),
		    out->domain, NULL);
		if (reason != MAILDB_REASON_NONE)
			return reason;
	}

	if (strlen(out->local) + 1 + strlen(out->domain) > MAILDB_ADDRESS_MAX)
		return MAILDB_REASON_ADDR_TOO_LONG;
	strcpy(stpcpy(stpcpy(out->text, out->local), "@"), out->domain);
	return MAILDB_REASON_NONE;
}

/* Reads an address; answers what is wrong with it, or fills *out. */
enum maildb_reason
maildb_address_parse(const char *text, size_t len, unsigned flags,
    struct maildb_address *out)
{
	enum maildb_reason reason;

	memset(out, 0, sizeof(*out));
	reason = parse_address(text, len, flags, out);
	if (reason != MAILDB_REASON_NONE)
		memset(out, 0, sizeof(*out));
	return reason;
}

/* Reads a domain name; answers what is wrong with it, or fills both forms. */
enum maildb_reason
maildb_domain_parse(const char *text, size_t len,
    char name[MAILDB_DOMAIN_MAX + 1], char uname[MAILDB_ULABEL_MAX + 1])
{
	enum maildb_reason reason;

	*name = *uname = '\0';
	if (len == 0)
		return MAILDB_REASON_EMPTY;
	if (len > INPUT_MAX)
		return MAILDB_REASON_DOMAIN_TOO_LONG;
	reason = check_text(text, len);
	if (reason == MAILDB_REASON_NONE)
		reason = parse_domain(text, len, name, uname);
	if (reason != MAILDB_REASON_NONE)
		*name = *uname = '\0';
	return reason;
}

/* How many octets stand before the first U+200C or U+200D. */
static size_t
before_joiner(const char *text, size_t len)
{
	size_t n;

	for (n = 0; n + 2 < len; n++)
		if (memcmp(text + n, "\xe2\x80\x8c", 3) == 0 ||
		    memcmp(text + n, "\xe2\x80\x8d", 3) == 0)
			return n;
	return len;
}

/*
 * Whether text is UTF-8 without control or invisible characters.  Joiners may
 * follow what they join, one at a time: Persian words and joined emoji are
 * spelt with them.
 */
bool
maildb__text_shows(const char *text, size_t len)
{
	enum maildb_reason reason;
	size_t n;

	for (;;) {
		n = before_joiner(text, len);
		reason = check_text(text, n);
		if (reason != MAILDB_REASON_NONE &&
		    reason != MAILDB_REASON_SPACE)
			return false;
		if (n == len || n == 0)
			return n == len;
		text += n + 3;
		len -= n + 3;
	}
}

bool
maildb__text_utf8(const char *text, size_t len)
{
	const char *end = text + len;

	while (text < end)
		if (next_point(&text, end) < 0)
			return false;
	return true;
}
